package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

func versionCommand() *cli.Command {
	return command(&cli.Command{
		Name: "version", Usage: "print the version", Description: "Example:\n   icpfit version",
		Action: func(c *cli.Context) error {
			say(c, "icpfit %s\n", c.App.Version)
			return result(c, map[string]string{"version": c.App.Version})
		},
	})
}

func completionCommand() *cli.Command {
	return command(&cli.Command{
		Name: "completion", Usage: "print a shell completion script", ArgsUsage: "bash|zsh",
		Description: "Example:\n   source <(icpfit completion bash)",
		Action: func(c *cli.Context) error {
			switch c.Args().First() {
			case "bash":
				_, err := fmt.Fprint(c.App.Writer, bashCompletion)
				return err
			case "zsh":
				_, err := fmt.Fprint(c.App.Writer, zshCompletion)
				return err
			default:
				return usagef("completion: %q; want bash or zsh", c.Args().First())
			}
		},
	})
}

const bashCompletion = `_icpfit() {
  local words=("${COMP_WORDS[@]:0:$COMP_CWORD}")
  COMPREPLY=($(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "${COMP_WORDS[$COMP_CWORD]}"))
}
complete -o bashdefault -o default -F _icpfit icpfit
`

const zshCompletion = `#compdef icpfit
_icpfit() {
  local -a opts
  opts=("${(@f)$(${words[@]:0:#words[@]-1} --generate-bash-completion 2>/dev/null)}")
  _describe 'values' opts || _files
}
compdef _icpfit icpfit
`

func manCommand() *cli.Command {
	return command(&cli.Command{
		Name: "man", Usage: "print the manual page", Description: "Example:\n   icpfit man | man -l -",
		Action: func(c *cli.Context) error {
			page, err := c.App.ToMan()
			if err != nil {
				return fmt.Errorf("man: %w", err)
			}
			_, err = fmt.Fprint(c.App.Writer, page)
			return err
		},
	})
}
