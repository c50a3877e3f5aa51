//go:build unix

package pipeline

import "github.com/icpfit/icpfit/internal/artifact"

// lockFolder waits until no other process holds a folder.
func lockFolder(folder string) (unlock func(), err error) { return artifact.Hold(folder) }
