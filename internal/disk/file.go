package disk

import (
	"io"
	"io/fs"
	"os"
)

// A File is a file open for writing.
type File struct{ f *os.File }

// Write writes p at the file's position.
func (f *File) Write(p []byte) (int, error) {
	return f.write(p, func(p []byte) (int, error) { return f.f.Write(p) })
}

// WriteAt writes p at an offset in bytes.
func (f *File) WriteAt(p []byte, offset int64) (int, error) {
	return f.write(p, func(p []byte) (int, error) { return f.f.WriteAt(p, offset) })
}

func (f *File) write(p []byte, write func([]byte) (int, error)) (n int, err error) {
	i := installed.Load()
	if i == nil {
		return write(p)
	}
	err = (*i).Intercept(Op{Kind: OpWrite, Path: f.f.Name(), Bytes: len(p)}, func(bytes int) (err error) {
		n, err = write(p[:min(bytes, len(p))])
		return err
	})
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return n, err
}

// Truncate cuts the file, or lengthens it with zeros, to a size in bytes.
func (f *File) Truncate(size int64) error {
	return through(Op{Kind: OpTruncate, Path: f.f.Name()}, func() error { return f.f.Truncate(size) })
}

// Sync makes what was written last. Its name lasts when its folder is synced.
func (f *File) Sync() error {
	return through(Op{Kind: OpSync, Path: f.f.Name()}, f.f.Sync)
}

// Close closes the file. It is closed even if an interceptor says that it failed.
func (f *File) Close() (err error) {
	done := false
	err = through(Op{Kind: OpClose, Path: f.f.Name()}, func() error {
		done = true
		return f.f.Close()
	})
	if !done {
		f.f.Close()
	}
	return err
}

// Name returns the path with which the file was opened.
func (f *File) Name() string { return f.f.Name() }

// Fd returns the file's descriptor, for locks.
func (f *File) Fd() uintptr { return f.f.Fd() }

// Stat describes the file.
func (f *File) Stat() (fs.FileInfo, error) { return f.f.Stat() }

// Read reads from the file's position.
func (f *File) Read(p []byte) (int, error) { return f.f.Read(p) }

// ReadAt reads from an offset in bytes.
func (f *File) ReadAt(p []byte, offset int64) (int, error) { return f.f.ReadAt(p, offset) }

// Seek moves the file's position.
func (f *File) Seek(offset int64, whence int) (int64, error) { return f.f.Seek(offset, whence) }
