package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/project"
)

// writing makes an action the only one that writes to its project: while
// another command does, it ends with exit code 5.
func writing(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if _, err := os.Stat(filepath.Join(dir(c), project.FileName)); err != nil {
			return action(c) // no project: the action says so
		}
		host, err := os.Hostname()
		if err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		l, err := artifact.Acquire(dir(c), artifact.Holder{PID: os.Getpid(), Host: host, Command: c.Command.FullName(), Since: time.Now().UTC().Format(time.RFC3339)})
		if err != nil {
			return err
		}
		return errors.Join(action(c), l.Release())
	}
}
