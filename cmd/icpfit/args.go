package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

// completionFlag ends the arguments of a shell that asks for completions.
const completionFlag = "--generate-bash-completion"

// arrange puts the arguments into the order the library wants: flags before the
// arguments of their command, though people write `icpfit explain acme.com
// --json`; and `help train` as `train --help`. It reports whether the caller
// wants JSON, which must be known even where the arguments cannot be read.
func arrange(app *cli.App, args []string) (out []string, asJSON bool) {
	if len(args) == 0 || args[len(args)-1] == completionFlag {
		return args, false
	}
	a := arrangement{out: args[:1:1], known: app.Flags, app: app, commands: app.Commands}
	for i := 1; i < len(args); i++ {
		if args[i] == "--" {
			a.rest = append(a.rest, args[i:]...)
			break
		}
		i += a.add(args[i], args[i+1:])
	}
	if a.help && !(len(a.commands) > 0 && len(a.rest) > 0) {
		a.flags, a.rest = append(a.flags, "--help"), nil
	}
	return slices.Concat(a.out, a.flags, a.rest), a.json
}

// An arrangement is the arguments seen so far.
type arrangement struct {
	app         *cli.App
	commands    []*cli.Command // that may come next
	known       []cli.Flag     // of the command and global
	out         []string       // the command's names, each with the flags before it
	flags, rest []string
	help, json  bool
}

// add takes in one argument and returns how many of those behind it are its value.
func (a *arrangement) add(arg string, behind []string) int {
	if strings.HasPrefix(arg, "-") && arg != "-" {
		return a.addFlag(arg, behind)
	}
	at := slices.IndexFunc(a.commands, func(c *cli.Command) bool { return c.HasName(arg) })
	switch {
	case at >= 0 && len(a.rest) == 0:
		a.out = append(append(a.out, a.flags...), arg)
		a.flags, a.known = nil, slices.Concat(a.commands[at].Flags, a.app.Flags)
		a.commands = a.commands[at].Subcommands
	case arg == "help" && len(a.commands) > 0 && len(a.rest) == 0:
		a.help = true
	default:
		a.rest = append(a.rest, arg)
	}
	return 0
}

func (a *arrangement) addFlag(arg string, behind []string) int {
	name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	switch name {
	case "help", "h":
		a.help = true
		return 0
	case "json":
		on, err := strconv.ParseBool(value)
		a.json = !hasValue || on || err != nil
	}
	a.flags = append(a.flags, arg)
	if hasValue || len(behind) == 0 || !takesValue(a.known, name) {
		return 0
	}
	a.flags = append(a.flags, behind[0])
	return 1
}

// takesValue reports whether a flag is followed by its value.
func takesValue(known []cli.Flag, name string) bool {
	return slices.ContainsFunc(known, func(f cli.Flag) bool {
		_, isBool := f.(*cli.BoolFlag)
		return !isBool && slices.Contains(f.Names(), name)
	})
}

// commandName returns the name of the command being run, as in "models promote".
func commandName(c *cli.Context) string {
	_, name, _ := strings.Cut(c.Command.HelpName, " ")
	return name
}

// inCommand prefixes a message with the command's name, and tells where its
// flags are listed.
func inCommand(c *cli.Context, format string, args ...any) error {
	name := commandName(c)
	if name == "" {
		return usagef("%s; `icpfit --help` lists the commands and flags", fmt.Sprintf(format, args...))
	}
	return usagef("%s: %s; see `icpfit %s --help`", name, fmt.Sprintf(format, args...), name)
}

// usageError words the library's errors about flags.
func usageError(c *cli.Context, err error, _ bool) error {
	text := strings.TrimSuffix(err.Error(), ": parse error")
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		name = strings.TrimPrefix(name, "-")
		var names []string
		for _, f := range c.Command.Flags {
			names = append(names, f.Names()...)
		}
		return inCommand(c, "no flag --%s%s", name, didYouMean(name, names, "--"))
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return inCommand(c, "--%s has no value", strings.TrimPrefix(name, "-"))
	}
	return inCommand(c, "%s", strings.NewReplacer(" for flag -", " for --", " for -", " for --").Replace(text))
}

// unknownCommand is the error of a command or subcommand that is not there, or
// of none at all.
func unknownCommand(c *cli.Context, commands []*cli.Command) error {
	if c.NArg() == 0 {
		return inCommand(c, "no command given")
	}
	var names []string
	for _, sub := range commands {
		names = append(names, sub.Name)
	}
	return inCommand(c, "no command %q%s", c.Args().First(), didYouMean(c.Args().First(), names, ""))
}

// didYouMean suggests the name nearest to a misspelt one, if any is near.
func didYouMean(word string, names []string, prefix string) string {
	best, least := "", 1+max(1, len(word)/2)
	for _, name := range names {
		if d := edits(word, name); d < least && len(name) > 1 {
			best, least = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %s%s?", prefix, best)
}

// edits returns the Levenshtein distance of two words, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
