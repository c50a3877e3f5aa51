//go:build unix

package artifact_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/icpfit/icpfit/internal/artifact"
)

// TestMain is also the process that holds a lock, or work, until it is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("ARTIFACT_TEST_HOLD"); dir != "" {
		_, err := artifact.Acquire(dir, artifact.Holder{PID: os.Getpid(), Host: "here", Command: "refresh", Since: "2026-01-31T02:00:00Z"})
		_, err2 := artifact.Stage(filepath.Join(dir, "grades", "as_of=2026-01-31"))
		fmt.Println(errors.Join(err, err2))
		time.Sleep(time.Minute)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// holder starts a process that holds dir, and returns how to kill it.
func holder(t *testing.T, dir string) (pid int, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ARTIFACT_TEST_HOLD="+dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	kill = func() { cmd.Process.Kill(); cmd.Wait() }
	t.Cleanup(kill)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "<nil>\n" {
		t.Fatalf("the holder says %q, %v", line, err)
	}
	return cmd.Process.Pid, kill
}

var me = artifact.Holder{PID: 1, Host: "here", Command: "train", Since: "2026-01-31T03:00:00Z"}

// TestLock checks a lock that another process holds, and takes it over when
// that process is killed.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	pid, kill := holder(t, dir)
	_, err := artifact.Acquire(dir, me)
	var held *artifact.HeldError
	want := artifact.Holder{PID: pid, Host: "here", Command: "refresh", Since: "2026-01-31T02:00:00Z"}
	if !errors.As(err, &held) || held.Holder != want {
		t.Fatalf("a held lock: %v, want %+v", err, want)
	}
	kill()
	for range 2 { // and a lock that was let go
		l, err := artifact.Acquire(dir, me)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Release(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestForeignLock checks a lock of a machine whose locks the system does not
// show: it holds while the file is young, also one of the near future.
func TestForeignLock(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, artifact.LockName)
	for _, tt := range []struct {
		age  time.Duration
		held bool
	}{{time.Second, true}, {90 * time.Second, true}, {3 * time.Minute, false}, {-time.Minute, true}, {-time.Hour, false}} {
		if err := os.WriteFile(path, []byte(`{"pid": 7, "host": "there", "command": "refresh"}`), 0o644); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-tt.age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		l, err := artifact.Acquire(dir, me)
		var held *artifact.HeldError
		if errors.As(err, &held) != tt.held || !tt.held && err != nil {
			t.Errorf("a lock %v old: %v", tt.age, err)
		}
		if l != nil {
			l.Release()
		}
	}
	if got := names(t, dir); got != artifact.LockName {
		t.Errorf("left: %q", got)
	}
}

// TestTwoRuns checks that a run does not remove what another one, alive, is
// writing, and does remove it when that one is killed.
func TestTwoRuns(t *testing.T) {
	dir := t.TempDir()
	_, kill := holder(t, dir)
	target := filepath.Join(dir, "grades", "as_of=2026-01-31")
	unfinished := func() []string {
		left, err := filepath.Glob(filepath.Join(filepath.Dir(target), ".tmp-*"))
		if err != nil {
			t.Fatal(err)
		}
		return left
	}
	publish(t, target, "one")
	if left := unfinished(); len(left) != 1 {
		t.Errorf("beside a living run: %q", left)
	}
	kill()
	publish(t, target, "two")
	if left := unfinished(); len(left) != 0 {
		t.Errorf("after a killed run: %q", left)
	}
}
