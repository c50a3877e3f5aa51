package parquetfile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// foreignRow has what our own files do not: required columns, small and
// unsigned integers, timestamps, UUIDs, required items.
type foreignRow struct {
	ID     [16]byte      `parquet:"id,uuid"`
	Domain string        `parquet:"domain"`
	Kind   string        `parquet:"kind,dict,optional"`
	Small  int32         `parquet:"small"`
	Count  uint32        `parquet:"count"`
	Total  uint64        `parquet:"total,optional"`
	Paid   int64         `parquet:"paid,decimal(2:18)"`
	Millis int64         `parquet:"millis,timestamp(millisecond)"`
	Nanos  int64         `parquet:"nanos,timestamp(nanosecond),optional"`
	Ratio  float32       `parquet:"ratio,dict"`
	OK     bool          `parquet:"ok"`
	Tags   []string      `parquet:"tags,list"`
	Bare   []string      `parquet:"bare"`
	Deals  []foreignDeal `parquet:"deals,list"`
}

type foreignDeal struct {
	Stage  string `parquet:"stage,dict"`
	Amount int64  `parquet:"amount,optional"`
}

// foreignRows returns three rows and how they read. The days are counted by
// hand: 1969-12-31 is day -1, 2000-01-01 day 10957.
func foreignRows() ([]foreignRow, [][]cell) {
	const day = 86_400_000
	uuid := [16]byte{0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x12, 0xd3, 0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40, 0x00}
	rows := []foreignRow{
		{
			ID: uuid, Domain: "acme.com", Kind: "k", Small: -7, Count: 4_000_000_000, Total: 9, Paid: -12345, Millis: -1, Nanos: 10957*day*1_000_000 + 5,
			Ratio: 0.5, OK: true, Tags: []string{"a", "", "b"}, Bare: []string{"x"}, Deals: []foreignDeal{{"won", 5}, {"lost", 0}},
		},
		{Domain: "é", Millis: 10957 * day, Ratio: 0.5},
		{Domain: "last", Kind: "l", Paid: 100, Millis: 10957*day - 1, Ratio: 2, Tags: []string{"b"}, Bare: []string{"x", "y"}, Deals: []foreignDeal{{"", 1}}},
	}
	zero := "00000000-0000-0000-0000-000000000000"
	return rows, [][]cell{
		{
			"123e4567-e89b-12d3-a456-426614174000", "acme.com", "k", int64(-7), int64(4_000_000_000), int64(9), -123.45, int32(-1), int32(10957), 0.5, true,
			[]string{"a", "b"},
			[]string{"x"},
			[][]cell{{"won", int64(5)}, {"lost", nil}},
		},
		{zero, "é", nil, int64(0), int64(0), nil, 0., int32(10957), nil, 0.5, false, []string{}, []string{}, [][]cell{}},
		{zero, "last", "l", int64(0), int64(0), nil, 1., int32(10956), nil, 2., false, []string{"b"}, []string{"x", "y"}, [][]cell{{"", int64(1)}}},
	}
}

func TestForeignFiles(t *testing.T) {
	rows, want := foreignRows()
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd, &parquet.Lz4Raw} {
		for _, version := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s v%d", codec, version), func(t *testing.T) {
				var out bytes.Buffer
				w := parquet.NewGenericWriter[foreignRow](&out, parquet.Compression(codec), parquet.DataPageVersion(version))
				if _, err := w.Write(rows); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				_, got, err := readAll(parquetfile.New(put(t, out.Bytes())))
				if err != nil {
					t.Fatal(err)
				}
				checkRows(t, got, texts(want))
			})
		}
	}
}

func TestBrotliRefused(t *testing.T) {
	var out bytes.Buffer
	w := parquet.NewGenericWriter[foreignDeal](&out, parquet.Compression(&parquet.Brotli))
	if _, err := w.Write([]foreignDeal{{"won", 5}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, err := readAll(parquetfile.New(put(t, out.Bytes())))
	if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), `column "stage" is compressed with BROTLI`) {
		t.Errorf("got %v", err)
	}
}

// A rawPage is a data page v1 of a column "tags" of required texts in a list:
// repetition and definition levels, one bit each, and plain values.
type rawPage struct {
	rep, def []byte
	values   []string
	runs     []byte // in place of the definition levels, with their length
}

// rawFile writes pages that no sound writer makes. claim may change the footer.
func rawFile(t *testing.T, rows int64, claim func(*format.FileMetaData), pages ...rawPage) []byte {
	t.Helper()
	out := bytes.NewBufferString("PAR1")
	var values int64
	for _, p := range pages {
		runs := p.runs
		if runs == nil {
			runs = levels(p.def)
		}
		body := append(levels(p.rep), runs...)
		for _, v := range p.values {
			body = binary.LittleEndian.AppendUint32(body, uint32(len(v)))
			body = append(body, v...)
		}
		header := format.PageHeader{UncompressedPageSize: int32(len(body)), CompressedPageSize: int32(len(body))}
		header.DataPageHeader = thrift.New(format.DataPageHeader{NumValues: int32(len(p.def)), DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE})
		out.Write(marshal(t, &header))
		out.Write(body)
		values += int64(len(p.def))
	}
	size := int64(out.Len() - 4)
	meta := &format.FileMetaData{
		Version: 1, NumRows: rows,
		Schema: []format.SchemaElement{
			{Name: "root", NumChildren: thrift.New[int32](1)},
			{Name: "tags", Type: thrift.New(format.ByteArray), RepetitionType: thrift.New(format.Repeated)},
		},
		RowGroups: []format.RowGroup{{NumRows: rows, TotalByteSize: size, Columns: []format.ColumnChunk{{MetaData: format.ColumnMetaData{
			Type: format.ByteArray, Encoding: []format.Encoding{format.Plain, format.RLE}, PathInSchema: []string{"tags"},
			NumValues: values, TotalUncompressedSize: size, TotalCompressedSize: size, DataPageOffset: 4,
		}}}}},
	}
	claim(meta)
	footer := marshal(t, meta)
	out.Write(footer)
	out.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(footer))))
	out.WriteString("PAR1")
	return out.Bytes()
}

// levels encodes up to 8 levels of one bit as a bit-packed run behind its length.
func levels(bits []byte) []byte {
	var b byte
	for i, bit := range bits {
		b |= bit << i
	}
	return []byte{2, 0, 0, 0, 1<<1 | 1, b}
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	b, err := thrift.Marshal(new(thrift.CompactProtocol), v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRawPages(t *testing.T) {
	sound := func(*format.FileMetaData) {}
	first := rawPage{rep: []byte{0, 1, 0}, def: []byte{1, 1, 1}, values: []string{"a", "b", "c"}}
	second := rawPage{rep: []byte{1, 0, 0}, def: []byte{1, 0, 1}, values: []string{"d", "e"}}
	for _, tt := range []struct {
		name  string
		rows  int64
		claim func(*format.FileMetaData)
		pages []rawPage
		want  [][]cell // nil if refused
		err   string
	}{
		{
			name: "a row goes on in the next page", rows: 4, claim: sound, pages: []rawPage{first, second},
			want: [][]cell{{[]string{"a", "b"}}, {[]string{"c", "d"}}, {[]string{}}, {[]string{"e"}}},
		},
		{name: "the first page starts within a row", rows: 2, claim: sound, pages: []rawPage{second}, err: "middle of a row"},
		{name: "fewer rows than declared", rows: 3, claim: sound, pages: []rawPage{first}, err: "1 rows fewer than"},
		{name: "more rows than declared", rows: 1, claim: sound, pages: []rawPage{first}, err: "more rows than"},
		{name: "fewer values than levels", rows: 2, claim: sound, pages: []rawPage{{rep: first.rep, def: first.def, values: []string{"a"}}}, err: `column "tags"`},
		{name: "more values than levels", rows: 2, claim: sound, pages: []rawPage{{rep: first.rep, def: []byte{1, 0, 1}, values: first.values}}, err: "more bytes than"},
		{name: "levels that ask for 64 GB", rows: 2, claim: sound, pages: []rawPage{{
			rep: first.rep, def: first.def, values: first.values, runs: []byte{6, 0, 0, 0, 0xfd, 0xff, 0xff, 0xff, 0x0f, 0},
		}}, err: "a run of"},
		{name: "not UTF-8", rows: 2, claim: sound, pages: []rawPage{{rep: first.rep, def: first.def, values: []string{"a", "\xff", "b"}}}, err: "not UTF-8"},
		{name: "values missing from the chunk", rows: 2, claim: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.NumValues++
		}, pages: []rawPage{first}, err: "its pages hold 3 values, the footer says 4"},
		{name: "chunk outside the file", rows: 2, claim: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.TotalCompressedSize = 1 << 40
		}, pages: []rawPage{first}, err: "not inside the file"},
		{name: "chunk before the file", rows: 2, claim: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.DataPageOffset = -9
		}, pages: []rawPage{first}, err: "not inside the file"},
		{name: "chunk in another file", rows: 2, claim: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].FilePath = "/etc/passwd"
		}, pages: []rawPage{first}, err: "stored in another file"},
		{name: "row counts that differ", rows: 2, claim: func(m *format.FileMetaData) { m.NumRows = 5 }, pages: []rawPage{first}, err: "its footer says 5"},
		{name: "a negative row count", rows: -2, claim: sound, pages: []rawPage{first}, err: "-2"},
		{name: "a name used twice", rows: 2, claim: func(m *format.FileMetaData) {
			m.Schema[0].NumChildren = thrift.New[int32](2)
			m.Schema = append(m.Schema, m.Schema[1])
			m.RowGroups[0].Columns = append(m.RowGroups[0].Columns, m.RowGroups[0].Columns[0])
		}, pages: []rawPage{first}, err: `two columns are named "tags"`},
		{name: "no columns", rows: 0, claim: func(m *format.FileMetaData) {
			m.Schema, m.RowGroups = m.Schema[:1], nil
			m.Schema[0].NumChildren = thrift.New[int32](0)
		}, err: "no columns"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got, err := readAll(parquetfile.New(put(t, rawFile(t, tt.rows, tt.claim, tt.pages...))))
			if tt.err != "" {
				if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v and %d rows, want %q", err, len(got), tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkRows(t, got, texts(tt.want))
		})
	}
}
