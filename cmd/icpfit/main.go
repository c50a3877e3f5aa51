// Command icpfit learns an Ideal Customer Profile from a company's best
// customers and grades every account of its base A to F.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v2"
)

// version is set when a release is built.
var version = "dev"

func main() { os.Exit(process()) }

// process runs the command that the process was started with, until a signal ends
// it, and returns the exit code.
func process() int {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		cancel(&signalError{<-signals})
		signal.Stop(signals) // a second one ends the process at once
	}()
	return run(ctx, os.Args, os.Stdout, os.Stderr)
}

// A signalError says which signal cancelled the command.
type signalError struct{ signal os.Signal }

func (e *signalError) Error() string { return "stopped by " + e.signal.String() }

// run is main without the process: tests call it with their own writers.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	app := newApp(stdout, stderr)
	args, asJSON := arrange(app, args)
	err := app.RunContext(ctx, args)
	stopProgress(app)
	if err == nil {
		return exitOK
	}
	exit, code := classify(ctx, err)
	if exit == exitInterrupt || exit == exitTerminated {
		err = fmt.Errorf("%w; what was unfinished is gone, what was there before is as it was: run the command again", context.Cause(ctx))
	}
	if asJSON {
		err = errors.Join(err, printRefusal(stdout, err, exit, code))
	}
	if !errors.Is(err, errPrinted) {
		complain(app, err, exit, code)
	}
	return exit
}

func newApp(stdout, stderr io.Writer) *cli.App {
	cli.VersionPrinter = func(c *cli.Context) { fmt.Fprintf(c.App.Writer, "icpfit %s\n", c.App.Version) }
	return &cli.App{
		Name:    "icpfit",
		Usage:   "learn who your best customers are and grade every account by it",
		Version: version,
		Description: "Start with `icpfit demo FOLDER`, or with your own files:\n\n" +
			"   icpfit init --accounts accounts.csv --customers customers.csv\n" +
			"   icpfit check\n   icpfit features\n   icpfit train\n   icpfit predict\n   icpfit report\n   icpfit explain acme.com\n\n" +
			"Commands work in the project folder, which holds icpfit.yaml; --dir names another. Flags may come before\n" +
			"or after arguments. `icpfit COMMAND --help` tells more, with an example.",
		Writer:               stdout,
		ErrWriter:            stderr,
		Metadata:             map[string]any{},
		EnableBashCompletion: true,
		HideHelpCommand:      true,
		ExitErrHandler:       func(*cli.Context, error) {}, // run alone decides the exit code
		OnUsageError:         usageError,
		Flags:                globalFlags(),
		Commands: []*cli.Command{
			demoCommand(), initCommand(), checkCommand(), featuresCommand(), trainCommand(), predictCommand(), reportCommand(),
			refreshCommand(), explainCommand(), gradesCommand(), modelsCommand(), segmentsCommand(), backtestCommand(), feedbackCommand(), auditCommand(), exportCommand(), configCommand(), completionCommand(), manCommand(), versionCommand(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 || isSet(c, "json") || isSet(c, "quiet") {
				return unknownCommand(c, c.App.Commands)
			}
			return cli.ShowAppHelp(c)
		},
	}
}

// globalFlags are understood before and after the command's name.
func globalFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "dir", Usage: "project `FOLDER`, which holds icpfit.yaml", Value: "."},
		&cli.BoolFlag{Name: "json", Usage: "print one JSON object on stdout; progress and errors stay on stderr", DisableDefaultText: true},
		&cli.StringFlag{Name: "log", Usage: "`FORM` of a log of steps and errors on stderr: text or json, one record a line, instead of a progress bar", DefaultText: "none"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "print nothing but errors", DisableDefaultText: true},
	}
}

// command adds what every command has: the global flags, the wording of errors,
// and for one that says nothing of arguments the refusal of any.
func command(c *cli.Command) *cli.Command {
	c.Flags = append(c.Flags, globalFlags()...)
	c.OnUsageError = usageError
	c.HideHelpCommand = true
	action, none := c.Action, c.ArgsUsage == ""
	c.Action = func(c *cli.Context) error {
		if err := startLog(c); err != nil {
			return err
		}
		if none && c.NArg() > 0 {
			return inCommand(c, "%q is one argument too many", c.Args().First())
		}
		return action(c)
	}
	return c
}

// group makes a command of subcommands.
func group(c *cli.Command) *cli.Command {
	c.ArgsUsage = "COMMAND"
	c.Action = func(c *cli.Context) error { return unknownCommand(c, c.Command.Subcommands) }
	return command(c)
}
