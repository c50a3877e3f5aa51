// Package postgres reads the rows of a PostgreSQL query, through a cursor of a
// read-only transaction that sees one state of the database.
//
// # Columns
//
// Names and types are those of the query's result:
//
//	smallint, integer, bigint, oid             integer
//	numeric(p), numeric(p, 0) of p ≤ 18         integer
//	numeric, real, double precision             number
//	boolean                                     flag
//	date, timestamp, timestamptz                date: the UTC day, rounded down
//	text, varchar, char, name, citext, enums    text
//	uuid, money, interval, time, inet, macaddr  text, as the server writes them
//	arrays of text, varchar, char and name      set
//
// Any other type (json, bytea, other arrays, composites) is refused with an
// error that names the column and the cast to write: a column that was dropped
// silently would be missed by nobody. NULL, NaN, ±Infinity, an infinite date
// and an empty text are missing. NULL and "" inside an array are left out, and
// so is an item's second appearance in a row; {} is known to be empty.
//
// Two columns of one name, none at all, a row of more than 16 MiB and text that
// is not UTF-8 are errors wrapping datasets.ErrShape, as is whatever the server
// says about the query itself.
//
// # Connections
//
// Each pass has a connection of its own, and a snapshot of its own: two passes
// see two states of the database. Whoever needs one state reads once and keeps
// the rows. A server that cannot be reached, refuses more connections, ends the
// connection or falls silent is an error wrapping datasets.ErrUnavailable; rows
// read so far are then of no use, as a new pass may see others.
//
// The address may hold a password. No error repeats the address, nor what the
// driver says of one that it cannot read.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/icpfit/icpfit/datasets"
)

// Options decide how a query is read. Start from DefaultOptions.
type Options struct {
	FetchRows int           // rows asked for at a time, ≥ 1
	Connect   time.Duration // for one attempt to connect, where the address has no connect_timeout; > 0
	Stall     time.Duration // without a row, after which the server counts as gone; > 0
}

// DefaultOptions returns fetches long enough to hide the way to a distant
// server, and patience for a query that sorts a large base before its first row.
func DefaultOptions() Options {
	return Options{FetchRows: 32_768, Connect: 15 * time.Second, Stall: 30 * time.Minute}
}

// Validate reports every bad option.
func (o Options) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("postgres: "+format, args...))
		}
	}
	check(o.FetchRows >= 1, "fetch rows is %d; want at least 1", o.FetchRows)
	check(o.Connect > 0, "connect timeout is %v; want more than 0", o.Connect)
	check(o.Stall > 0, "stall timeout is %v; want more than 0", o.Stall)
	return errors.Join(errs...)
}

// A Source is a query. It is safe for concurrent use; each of its Readers is not.
type Source struct {
	name    string
	query   string
	config  *pgconn.Config
	options Options
}

// ErrAddress is returned for an address that is none. It says no more: what is
// wrong with the address cannot be said without repeating it.
var ErrAddress = errors.New("is no PostgreSQL address; want postgres://user@host:5432/database, with % encoding for any of @ : / ? # % in the password")

// New returns the rows of query in the database at address, which is a URL or a
// list of keywords and values as libpq reads them, completed by the environment
// (PGPASSWORD, PGSSLMODE and so on) and the password file. name stands for the
// source in errors. Nothing is connected to before Open.
//
// An address that cannot be read is ErrAddress, whole.
func New(name, address, query string, options Options) (*Source, error) {
	if err := options.Validate(); err != nil {
		return nil, err
	}
	config, err := parse(address, options)
	if err != nil {
		return nil, err
	}
	return &Source{name: name, query: strings.TrimSpace(query), config: config, options: options}, nil
}

// Name returns the name that New was given.
func (s *Source) Name() string { return s.name }

// Open connects, starts the query and learns its columns. No row is asked for
// before the first Read.
func (s *Source) Open(ctx context.Context) (datasets.Reader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &reader{source: s}
	r.ctx, r.cancel = context.WithCancelCause(context.Background())
	r.stalled = time.AfterFunc(s.options.Stall, func() { r.cancel(errStalled) })
	err := r.watch(ctx, r.open)
	if err != nil {
		r.hangUp()
		return nil, err
	}
	return r, nil
}
