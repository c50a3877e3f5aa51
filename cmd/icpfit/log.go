package main

import (
	"fmt"
	"log/slog"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/observe"
)

// logKey is where the app keeps the log, if there is one.
const logKey = "log"

// startLog makes the log that --log asks for.
func startLog(c *cli.Context) error {
	for _, l := range c.Lineage() {
		if !l.IsSet("log") {
			continue
		}
		log, err := observe.NewLog(c.App.ErrWriter, l.String("log"))
		if err != nil {
			return inCommand(c, "--log: %v", err)
		}
		c.App.Metadata[logKey] = log
		return nil
	}
	return nil
}

// logOf returns the log, nil for none.
func logOf(app *cli.App) *slog.Logger {
	log, _ := app.Metadata[logKey].(*slog.Logger)
	return log
}

// complain says why a command ends badly: a record of the log, or a line.
func complain(app *cli.App, err error, exit int, code string) {
	if log := logOf(app); log != nil {
		log.Error("icpfit failed", "error", err.Error(), "exit", exit, "code", code)
		return
	}
	fmt.Fprintf(app.ErrWriter, "icpfit: %s\n", clean(err.Error()))
}
