package main

import (
	"fmt"
	"strings"

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
			scripts := map[string]string{"bash": bashCompletion, "zsh": zshCompletion}
			text, ok := scripts[c.Args().First()]
			if !ok || c.NArg() != 1 {
				return inCommand(c, "%q is no shell; want bash or zsh", strings.Join(c.Args().Slice(), " "))
			}
			return script(c, text)
		},
	})
}

const bashCompletion = `_icpfit() {
  local cur="${COMP_WORDS[$COMP_CWORD]}"
  local words=("${COMP_WORDS[@]:0:$COMP_CWORD}")
  if [[ "$cur" == -* ]]; then words+=("$cur"); fi
  COMPREPLY=($(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$cur"))
}
complete -o bashdefault -o default -F _icpfit icpfit
`

const zshCompletion = `#compdef icpfit
_icpfit() {
  local -a opts
  local cur="${words[-1]}"
  [[ "$cur" == -* ]] || cur=""
  opts=("${(@f)$(${words[@]:0:#words[@]-1} $cur --generate-bash-completion 2>/dev/null)}")
  _describe 'values' opts || _files
}
compdef _icpfit icpfit
`

func manCommand() *cli.Command {
	return command(&cli.Command{
		Name: "man", Usage: "print the manual page", Description: "Example:\n   icpfit man > icpfit.1",
		Action: func(c *cli.Context) error {
			page, err := c.App.ToManWithSection(1)
			if err != nil {
				return fmt.Errorf("man: %w", err)
			}
			return script(c, page)
		},
	})
}
