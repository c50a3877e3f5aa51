package parquetfile

import (
	"runtime"

	"github.com/klauspost/compress/zstd"
	library "github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// nearWindow is how far back matches are looked for in all but long pages: further
// than such a page reaches, so that a smaller window costs nothing.
const nearWindow = 512 << 10

// A compressor compresses pages, with the bytes of the library's codec. That keeps
// its encoders, of 8 MiB each, where every collection of garbage may drop them;
// these need an eighth, and stay as long as the Writer. It is safe for concurrent use.
type compressor struct {
	near *zstd.Encoder
	far  library.Codec // of pages beyond nearWindow
}

func newCompressor() (*compressor, error) {
	near, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.SpeedFastest), // 91 B a row of BenchmarkWrite, 92 at the default level, and faster
		zstd.WithWindowSize(nearWindow),
		zstd.WithEncoderConcurrency(runtime.GOMAXPROCS(0)),
		zstd.WithZeroFrames(true),
		zstd.WithEncoderCRC(false), // a page has its own
	)
	return &compressor{near: near, far: library.Codec{Level: library.SpeedFastest}}, err
}

// compress compresses src into dst's memory.
func (c *compressor) compress(dst, src []byte) ([]byte, error) {
	if len(src) > nearWindow {
		return c.far.Encode(dst, src)
	}
	return c.near.EncodeAll(src, dst[:0]), nil
}

func (c *compressor) codec() format.CompressionCodec { return c.far.CompressionCodec() }
