package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal.
func terminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	return master, slave
}

// onTerminal runs a command with stderr on a terminal and returns what both
// outputs got.
func onTerminal(t *testing.T, dir string, env []string, args ...string) (stdout, stderr string) {
	t.Helper()
	master, slave := terminal(t)
	var out bytes.Buffer
	cmd := exec.Command("icpfit", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = dir, &out, slave, append(os.Environ(), env...)
	screen := make(chan string)
	go func() {
		text, _ := io.ReadAll(master) // ends with an I/O error when the other side is closed
		screen <- string(text)
	}()
	err := cmd.Run()
	slave.Close()
	if stderr = <-screen; err != nil {
		t.Fatalf("%v: %v\n%s%s", args, err, out.String(), stderr)
	}
	return out.String(), stderr
}

// TestProgress checks that progress is drawn on a terminal only, without
// colours, and is gone when the command ends.
func TestProgress(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/x"
	icpfit(t, "demo", "--accounts", "2000", "--as-of", "2026-01-31", dir)
	for _, args := range [][]string{{"features", "--as-of", "2026-01-31"}, {"train", "--learner", "scorecard"}} {
		step := args[0]
		stdout, stderr := onTerminal(t, dir, []string{"TERM=xterm-256color"}, args...)
		if !strings.Contains(stderr, step) {
			t.Errorf("%s draws no progress: %q", step, stderr)
		}
		if step == "train" && !regexp.MustCompile(`fits/(s|min|hr).*:`).MatchString(stderr) {
			t.Errorf("%s draws no rate and time left: %q", step, stderr)
		}
		if strings.Contains(stderr, "\x1b[") {
			t.Errorf("%s draws colours: %q", step, stderr)
		}
		if left := lastLine(stderr); strings.TrimSpace(left) != "" {
			t.Errorf("%s leaves %q on the terminal", step, left)
		}
		if strings.ContainsAny(stdout, "\r\x1b") {
			t.Errorf("%s draws on stdout: %q", step, stdout)
		}
	}
	features := []string{"features", "--as-of", "2026-01-31"}
	for _, flag := range []string{"--quiet", "--json"} {
		if _, stderr := onTerminal(t, dir, nil, append(features, flag)...); stderr != "" {
			t.Errorf("%s draws %q", flag, stderr)
		}
	}
	if _, stderr := onTerminal(t, dir, []string{"NO_COLOR=1"}, features...); strings.Contains(stderr, "\x1b") {
		t.Errorf("NO_COLOR draws %q", stderr)
	}
	if out := icpfitIn(t, t.Context(), dir, nil, append(features, "--quiet")...); out != "" {
		t.Errorf("--quiet into a pipe prints %q", out)
	}
}

// lastLine returns what a terminal shows in its last line.
func lastLine(text string) string {
	var line []rune
	at := 0
	for _, r := range text {
		switch r {
		case '\n':
			line, at = nil, 0
		case '\r':
			at = 0
		default:
			if at < len(line) {
				line[at] = r
			} else {
				line = append(line, r)
			}
			at++
		}
	}
	return string(line)
}

func TestLastLine(t *testing.T) {
	for _, tt := range []struct{ screen, want string }{
		{"", ""},
		{"bar 10%", "bar 10%"},
		{"bar 10%\r       \r", "       "},
		{"long bar\rshort", "shortbar"},
		{"bar\ndone\n", ""},
	} {
		if got := lastLine(tt.screen); got != tt.want {
			t.Errorf("lastLine(%q) = %q, want %q", tt.screen, got, tt.want)
		}
	}
}
