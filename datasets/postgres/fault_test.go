package postgres_test

import (
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/postgres"
)

// A weakLink stands between the source and the server and fails after so many
// bytes of the server's.
type weakLink struct {
	bytes int64 // that go through; < 0: all
	mute  bool  // falls silent then, instead of ending the connection
	reset bool  // ends it with a reset, not an orderly close
	piece int   // most bytes handed on at a time; 0: as they come
}

// through returns an address that leads through the link.
func (l weakLink) through(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(address(t))
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	done := make(chan struct{})
	t.Cleanup(func() {
		close(done)
		listener.Close()
		open.Wait()
	})
	open.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			open.Go(func() { l.serve(client.(*net.TCPConn), server, done) })
		}
	})
	u.Host = listener.Addr().String()
	return u.String()
}

// serve joins one client with the server until the link fails.
func (l weakLink) serve(client *net.TCPConn, server string, done <-chan struct{}) {
	defer client.Close()
	to, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer to.Close()
	go func() {
		io.Copy(to, client)
		to.Close()
	}()
	from := io.Reader(to)
	if l.bytes >= 0 {
		from = io.LimitReader(to, l.bytes)
	}
	if l.piece > 0 {
		buf := make([]byte, l.piece)
		for {
			n, err := from.Read(buf)
			if _, werr := client.Write(buf[:n]); err != nil || werr != nil {
				break
			}
		}
	} else {
		io.Copy(client, from)
	}
	if l.mute {
		<-done
	}
	if l.reset {
		client.SetLinger(0)
	}
}

// readThrough reads a query through a link.
func readThrough(t *testing.T, l weakLink, query string, stall time.Duration) (datasettest.Table, error) {
	t.Helper()
	o := postgres.DefaultOptions()
	o.FetchRows, o.Stall, o.Connect = 1000, stall, stall
	src, err := postgres.New("accounts.query", l.through(t), query, o)
	if err != nil {
		t.Fatal(err)
	}
	return datasettest.Read(t.Context(), src)
}

// TestCut ends the connection at many places, from the handshake to behind the
// last row. Either all rows are read, or the source is unavailable.
func TestCut(t *testing.T) {
	address(t)
	const query, rows, whole = "select n, 'company ' || n as name from generate_series(1, 5000) n", 5000, 250_000
	cut, read := 0, 0
	for at := int64(0); at < whole; at += 1 + at/5 {
		got, err := readThrough(t, weakLink{bytes: at, reset: at%2 == 0}, query, time.Minute)
		switch {
		case err == nil && len(got.Rows) == rows:
			read++
		case err == nil:
			t.Errorf("cut behind byte %d: %d rows and no error", at, len(got.Rows))
		case !errors.Is(err, datasets.ErrUnavailable):
			t.Errorf("cut behind byte %d: %v, want an error of an unavailable source", at, err)
		default:
			cut++
		}
	}
	if cut < 20 || read < 1 {
		t.Errorf("%d passes were cut and %d were whole; want the sweep to have both", cut, read)
	}
}

// TestSilence lets the server fall silent in the handshake, before the first row
// and among the rows.
func TestSilence(t *testing.T) {
	address(t)
	for _, at := range []int64{0, 500, 20_000} {
		start := time.Now()
		_, err := readThrough(t, weakLink{bytes: at, mute: true}, "select n, 'company ' || n as name from generate_series(1, 5000) n", 300*time.Millisecond)
		if !errors.Is(err, datasets.ErrUnavailable) {
			t.Errorf("silent behind byte %d: %v, want an error of an unavailable source", at, err)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("silent behind byte %d: noticed after %v", at, took)
		}
	}
}

// TestPieces hands rows on a few bytes at a time.
func TestPieces(t *testing.T) {
	table := datasettest.Accounts(300)
	got, err := readThrough(t, weakLink{bytes: -1, piece: 7}, write(t, table), time.Minute)
	if err != nil || len(got.Rows) != len(table.Rows) || got.Rows[299][1] != table.Rows[299][1] {
		t.Errorf("%d rows, %v", len(got.Rows), err)
	}
}

// TestTerminated ends the server's side of a pass half way.
func TestTerminated(t *testing.T) {
	conn := connect(t)
	o := postgres.DefaultOptions()
	o.FetchRows = 1000
	src, err := postgres.New("accounts.query", address(t), "select n from generate_series(1, 100000) n", o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := src.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b datasets.Batch
	if err := r.Read(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	found := conn.ExecParams(t.Context(), "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'icpfit'", nil, nil, nil, nil).Read()
	if found.Err != nil || string(found.Rows[0][0]) != "1" {
		t.Fatalf("%v sessions were ended, %v", found.Rows, found.Err)
	}
	for range 2 { // the error is final
		if err := r.Read(t.Context(), &b); !errors.Is(err, datasets.ErrUnavailable) || b.Rows != 0 {
			t.Errorf("%d rows, %v; want an error of an unavailable source", b.Rows, err)
		}
	}
}

// TestTimeout lets the server itself give up on a query.
func TestTimeout(t *testing.T) {
	src, err := postgres.New("accounts.query", address(t)+"&statement_timeout=100", "select pg_sleep(60)::text as a", postgres.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := datasettest.Read(t.Context(), src); !errors.Is(err, datasets.ErrUnavailable) {
		t.Errorf("%v, want an error of an unavailable source", err)
	}
}
