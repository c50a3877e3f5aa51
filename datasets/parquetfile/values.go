package parquetfile

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding"

	"github.com/icpfit/icpfit/datasets"
)

// A vector holds decoded values as the file stores them, without nulls. One of
// its slices is in use, two for bytes. It is valid as long as its page.
type vector struct {
	stored  physical
	scale   int
	doubles []float64
	floats  []float32
	narrow  []int32
	wide    []int64
	int96   []deprecated.Int96
	bits    []byte // booleans, eight a byte
	data    []byte // of bytes and fixed
	offsets []uint32
	width   int // of fixed
	n       int // values
}

// setValues makes v hold n values. It fails if the data holds fewer, which the
// library does not always notice.
func (v *vector) setValues(values encoding.Values, n int) error {
	have := 0
	switch values.Kind() {
	case encoding.Boolean:
		v.bits = values.Boolean()
		have = 8 * len(v.bits)
	case encoding.Int32:
		v.narrow = values.Int32()
		have = len(v.narrow)
	case encoding.Int64:
		v.wide = values.Int64()
		have = len(v.wide)
	case encoding.Int96:
		v.int96 = values.Int96()
		have = len(v.int96)
	case encoding.Float:
		v.floats = values.Float()
		have = len(v.floats)
	case encoding.Double:
		v.doubles = values.Double()
		have = len(v.doubles)
	case encoding.ByteArray:
		v.data, v.offsets = values.ByteArray()
		have = len(v.offsets) - 1
	case encoding.FixedLenByteArray:
		if v.data, v.width = values.FixedLenByteArray(); v.width > 0 {
			have = len(v.data) / v.width
		}
	}
	if v.n = n; have < n {
		return fmt.Errorf("%d values where %d are declared", max(have, 0), n)
	}
	if v.offsets != nil && int(v.offsets[n]) != len(v.data) {
		return fmt.Errorf("more bytes than its %d values have", n)
	}
	if v.stored == asUUID {
		v.formatUUIDs()
	}
	return nil
}

// formatUUIDs replaces 16 bytes a value by the 36 characters people read.
func (v *vector) formatUUIDs() {
	data, offsets := make([]byte, 0, 36*v.n), make([]uint32, 1, v.n+1)
	for i := range v.n {
		u := v.data[16*i : 16*i+16]
		for k, part := range [][]byte{u[:4], u[4:6], u[6:8], u[8:10], u[10:]} {
			if k > 0 {
				data = append(data, '-')
			}
			data = hex.AppendEncode(data, part)
		}
		offsets = append(offsets, uint32(len(data)))
	}
	v.data, v.offsets = data, offsets
}

// cell returns the bytes of value i.
func (v *vector) cell(i int) []byte {
	if v.offsets != nil {
		return v.data[v.offsets[i]:v.offsets[i+1]]
	}
	return v.data[i*v.width : (i+1)*v.width]
}

// appendNumbers appends values lo to hi as numbers.
func (v *vector) appendNumbers(dst []float64, lo, hi int) ([]float64, error) {
	switch v.stored {
	case asDouble:
		return append(dst, v.doubles[lo:hi]...), nil
	case asFloat:
		for _, x := range v.floats[lo:hi] {
			dst = append(dst, float64(x))
		}
	case asFloat16:
		for i := lo; i < hi; i++ {
			dst = append(dst, float16(binary.LittleEndian.Uint16(v.cell(i))))
		}
	case asInt32:
		for _, x := range v.narrow[lo:hi] {
			dst = append(dst, float64(x))
		}
	case asUint32:
		for _, x := range v.narrow[lo:hi] {
			dst = append(dst, float64(uint32(x)))
		}
	case asInt64:
		for _, x := range v.wide[lo:hi] {
			dst = append(dst, float64(x))
		}
	case asUint64:
		for _, x := range v.wide[lo:hi] {
			dst = append(dst, float64(uint64(x)))
		}
	case asDecimal32:
		for _, x := range v.narrow[lo:hi] {
			dst = append(dst, decimal(int64(x), v.scale))
		}
	case asDecimal64:
		for _, x := range v.wide[lo:hi] {
			dst = append(dst, decimal(x, v.scale))
		}
	default:
		for i := lo; i < hi; i++ {
			dst = append(dst, bigDecimal(v.cell(i), v.scale))
		}
	}
	return dst, nil
}

// float16 returns the value of an IEEE 754 half-precision number.
func float16(bits uint16) float64 {
	sign, exponent, fraction := bits>>15, int(bits>>10&31), float64(bits&1023)
	var x float64
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, -24)
	case 31:
		if x = math.Inf(1); fraction != 0 {
			return math.NaN()
		}
	default:
		x = math.Ldexp(fraction+1024, exponent-25)
	}
	if sign == 1 {
		return -x
	}
	return x
}

// decimal returns unscaled / 10^scale, correctly rounded. Both operands are
// exact where the quotient is taken directly, so it is rounded once.
func decimal(unscaled int64, scale int) float64 {
	const exact = 1 << 53
	if scale <= 22 && -exact <= unscaled && unscaled <= exact {
		return float64(unscaled) / math.Pow10(scale)
	}
	x, err := strconv.ParseFloat(fmt.Sprintf("%de-%d", unscaled, scale), 64)
	if err != nil {
		return math.NaN() // not reached: such a text parses, and is in range
	}
	return x
}

// bigDecimal returns the decimal whose unscaled value is in b, big-endian two's
// complement.
func bigDecimal(b []byte, scale int) float64 {
	if len(b) == 0 {
		return math.NaN()
	}
	unscaled := new(big.Int).SetBytes(b)
	if b[0] >= 0x80 {
		unscaled.Sub(unscaled, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	if unscaled.IsInt64() {
		return decimal(unscaled.Int64(), scale)
	}
	x, err := strconv.ParseFloat(fmt.Sprintf("%de-%d", unscaled, scale), 64)
	if err != nil {
		return math.Inf(unscaled.Sign()) // out of range: wider than any decimal of the format
	}
	return x
}

// appendIntegers appends values lo to hi as integers.
func (v *vector) appendIntegers(dst []int64, lo, hi int) ([]int64, error) {
	switch v.stored {
	case asInt32:
		for _, x := range v.narrow[lo:hi] {
			dst = append(dst, int64(x))
		}
	case asUint32:
		for _, x := range v.narrow[lo:hi] {
			dst = append(dst, int64(uint32(x)))
		}
	case asInt64:
		dst = append(dst, v.wide[lo:hi]...)
	default:
		for _, x := range v.wide[lo:hi] {
			if x < 0 {
				return dst, datasets.Shapef("%d is too large for an integer; read the column as a number", uint64(x))
			}
			dst = append(dst, x)
		}
	}
	return dst, nil
}

// appendDays appends values lo to hi as days since 1970-01-01, UTC.
func (v *vector) appendDays(dst []int32, lo, hi int) ([]int32, error) {
	const day = 24 * 60 * 60 * 1000
	switch v.stored {
	case asDays:
		return append(dst, v.narrow[lo:hi]...), nil
	case asInt96:
		for _, x := range v.int96[lo:hi] {
			const epoch = 2440588 // 1970-01-01 as a Julian day
			nanos := int64(uint64(x[1])<<32 | uint64(x[0]))
			d, err := toDay(int64(x[2]) - epoch + floorDiv(nanos, day*1_000_000))
			if err != nil {
				return dst, err
			}
			dst = append(dst, d)
		}
		return dst, nil
	}
	per := map[physical]int64{asMillis: day, asMicros: day * 1_000, asNanos: day * 1_000_000}[v.stored]
	for _, x := range v.wide[lo:hi] {
		d, err := toDay(floorDiv(x, per))
		if err != nil {
			return dst, err
		}
		dst = append(dst, d)
	}
	return dst, nil
}

func toDay(d int64) (int32, error) {
	if d <= int64(datasets.MissingDay) || d > math.MaxInt32 {
		return 0, datasets.Shapef("a date lies millions of years away; mend it or drop the column")
	}
	return int32(d), nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// appendFlags appends values lo to hi as 0 and 1.
func (v *vector) appendFlags(dst []int8, lo, hi int) ([]int8, error) {
	for i := lo; i < hi; i++ {
		dst = append(dst, int8(v.bits[i>>3]>>(i&7)&1))
	}
	return dst, nil
}
