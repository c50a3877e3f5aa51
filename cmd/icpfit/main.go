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
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		cancel(&signalError{<-signals})
		signal.Stop(signals) // a second one ends the process at once
	}()
	os.Exit(run(ctx, os.Args, os.Stdout, os.Stderr))
}

// A signalError says which signal cancelled the command.
type signalError struct{ signal os.Signal }

func (e *signalError) Error() string { return "stopped by " + e.signal.String() }

// run is main without the process: tests call it with their own writers.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	app := newApp(stdout, stderr)
	err := app.RunContext(ctx, flagsFirst(app, args))
	if err == nil {
		return exitOK
	}
	code := exitCode(ctx, err)
	if slices.Contains(args, "--json") || slices.Contains(args, "-json") {
		printRefusal(stdout, err, code)
	}
	if !errors.Is(err, errPrinted) {
		fmt.Fprintf(stderr, "icpfit: %s\n", clean(err.Error()))
	}
	return code
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
			"Commands work in the project folder, which holds icpfit.yaml; --dir names another.",
		Writer:               stdout,
		ErrWriter:            stderr,
		EnableBashCompletion: true,
		HideHelpCommand:      true,
		Suggest:              true,
		ExitErrHandler:       func(*cli.Context, error) {}, // run alone decides the exit code
		OnUsageError:         usageError,
		Flags:                globalFlags(),
		Commands: []*cli.Command{
			demoCommand(), initCommand(), checkCommand(), featuresCommand(), trainCommand(), predictCommand(), reportCommand(),
			refreshCommand(), explainCommand(), gradesCommand(), modelsCommand(), configCommand(), completionCommand(), manCommand(), versionCommand(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("no command %q; `icpfit --help` lists them", c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
	}
}

// globalFlags are understood before and after the command's name.
func globalFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "dir", Usage: "project `FOLDER`, which holds icpfit.yaml", Value: "."},
		&cli.BoolFlag{Name: "json", Usage: "print one JSON object on stdout; progress and errors stay on stderr"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "print nothing but errors"},
	}
}

// command adds the global flags and the error handling that every command has.
func command(c *cli.Command) *cli.Command {
	c.Flags = append(c.Flags, globalFlags()...)
	c.OnUsageError = usageError
	return c
}

func usageError(c *cli.Context, err error, _ bool) error {
	return usagef("%v; see `%s --help`", err, strings.TrimSpace(c.App.Name+" "+c.Command.Name))
}

// flagsFirst moves flags before arguments: the library stops looking for flags
// at the first argument, but people write `icpfit explain acme.com --json`.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) == 0 {
		return args
	}
	var flags, rest []string
	out := args[:1:1]
	commands, known := app.Commands, app.Flags
	i := 1
	for ; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			rest = append(rest, args[i:]...)
			break
		}
		if strings.HasPrefix(arg, "-") && arg != "-" {
			flags = append(flags, arg)
			if takesValue(known, arg) && i+1 < len(args) {
				i++
				flags = append(flags, args[i])
			}
			continue
		}
		at := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(arg) })
		if at < 0 || len(rest) > 0 {
			rest = append(rest, arg)
			continue
		}
		out = append(append(out, flags...), arg)
		flags, known = nil, append(slices.Clone(commands[at].Flags), app.Flags...)
		commands = commands[at].Subcommands
	}
	return append(append(out, flags...), rest...)
}

// takesValue reports whether a flag is followed by its value.
func takesValue(known []cli.Flag, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range known {
		if _, isBool := f.(*cli.BoolFlag); !isBool && slices.Contains(f.Names(), name) {
			return true
		}
	}
	return false
}
