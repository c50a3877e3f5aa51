package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/icpfit/icpfit/datasets"
)

var (
	errStalled = errors.New("no row for too long")
	errClosed  = errors.New("the reader is closed")
)

// An Error is what went wrong with a query or its server. It is one of
// datasets.ErrShape, datasets.ErrUnavailable or neither.
type Error struct {
	Source string // the source's name
	Code   string // the server's SQLSTATE; "" if it did not answer
	Msg    string // the fact and what to do about it
	kind   error
}

func (e *Error) Error() string { return e.Source + ": " + e.Msg }

// Is says what the fault is of, for errors.Is.
func (e *Error) Is(target error) bool { return e.kind != nil && target == e.kind }

// unreachable is the error of a connection that was not made.
func (s *Source) unreachable(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return s.answered(refused)
	}
	return &Error{Source: s.name, kind: datasets.ErrUnavailable, Msg: fmt.Sprintf("cannot reach the server at %s: %s; check that it runs and that this machine may connect, then try again", place(s.config), reason(err))}
}

// reason returns the last cause in a driver's error on one line. Its head, with
// the address, is left out.
func reason(err error) string {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		err = connect.Unwrap()
	}
	var seen []string
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.Contains(strings.Join(seen, "\n"), line) {
			seen = append(seen, line)
		}
	}
	return strings.Join(seen, "; ")
}

// fault is the error of a query that was under way.
func (s *Source) fault(err error) error {
	var answer *pgconn.PgError
	var large *pgproto3.ExceededMaxBodyLenErr
	switch {
	case errors.As(err, &answer):
		return s.answered(answer)
	case errors.As(err, &large):
		return &Error{Source: s.name, kind: datasets.ErrShape, Msg: fmt.Sprintf("a row is above %d MiB; leave out its longest column, or shorten it, as in left(description, 1000)", maxMessage>>20)}
	}
	return &Error{Source: s.name, kind: datasets.ErrUnavailable, Msg: fmt.Sprintf("the connection to %s was lost: %s; try again", place(s.config), reason(err))}
}

// answered is the error that the server itself reported.
func (s *Source) answered(e *pgconn.PgError) error {
	out := &Error{Source: s.name, Code: e.Code, kind: kindOf(e.Code)}
	at := ""
	if n := int(e.Position) - len(declare); n > 0 {
		at = locate(s.query, n)
	}
	out.Msg = fmt.Sprintf("%s%s (SQLSTATE %s)", at, e.Message, e.Code)
	if e.Hint != "" {
		out.Msg += "; " + e.Hint
	}
	switch {
	case out.kind == datasets.ErrUnavailable:
		out.Msg += "; try again"
	case strings.HasPrefix(e.Code, "28"), e.Code == "3D000":
		out.Msg += fmt.Sprintf("; check user, password and database of the address, %s", place(s.config))
	case e.Code == "22021":
		out.Msg += "; convert it in the query, as in convert_from(convert(convert_to(name, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII')"
	case e.Code == "42501":
		out.Msg += "; let the user read it, or query something else"
	case out.kind != nil:
		out.Msg += "; correct the query"
	}
	return out
}

// locate writes the place of the character n, from 1, of a query.
func locate(query string, n int) string {
	before := []rune(query)
	before = before[:min(n-1, len(before))]
	line, column := 1, 1
	for _, r := range before {
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
	return fmt.Sprintf("line %d, column %d of the query: ", line, column)
}

// kindOf sorts SQLSTATEs by what they are of: the query or address, the server's
// state at the time, or neither. The classes are those of the appendix on error
// codes of PostgreSQL's manual.
func kindOf(code string) error {
	switch code {
	case "08P01": // a query with parameters
		return datasets.ErrShape
	case "40001", "40P01", // a standby that had to go on, a deadlock
		"55P03",                   // a lock that was not to be had
		"57P01", "57P02", "57P03", // shutdown, crash, not yet started
		"57P05", "25P03", "25P04", // an idle session, transaction or long transaction that was ended
		"57014": // cancelled by statement_timeout or by hand
		return datasets.ErrUnavailable
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "58": // connection, resources, the server's own system
		return datasets.ErrUnavailable
	case "0A", "21", "22", "25", "26", "28", "2F", "3D", "3F", "42", "44", "54", "55", "P0":
		return datasets.ErrShape
	}
	return nil
}

// cause returns the error of what was done with r's connection while somebody
// may have given up: the caller, or the clock.
func (r *reader) cause(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(context.Cause(r.ctx), errStalled):
		return &Error{Source: r.source.name, kind: datasets.ErrUnavailable, Msg: fmt.Sprintf("the server at %s has sent nothing for %v; try again, or make the query faster", place(r.source.config), r.source.options.Stall)}
	}
	return err
}
