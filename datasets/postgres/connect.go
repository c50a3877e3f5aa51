package postgres

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// maxMessage is the most bytes of one message of the server, which is a row.
const maxMessage = 16 << 20

// parse reads an address. Its only error is ErrAddress.
func parse(address string, o Options) (*pgconn.Config, error) {
	if strings.TrimSpace(address) == "" {
		return nil, ErrAddress // an empty one would mean whatever runs on this machine
	}
	c, err := pgconn.ParseConfig(address)
	if err != nil || stranded(c) {
		return nil, ErrAddress
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = o.Connect
	}
	// A peer that is gone without a word is noticed in about a minute.
	dialer := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3}}
	c.DialFunc = dialer.DialContext
	c.MaxProtocolMessageBodyLen = maxMessage
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "icpfit"
	}
	return c, nil
}

// stranded reports whether the end of a password was taken for another part of
// the address: a sign of the password that should have been encoded ended it
// early. Those parts are shown in errors, so such an address is refused.
func stranded(c *pgconn.Config) bool {
	parts := []string{c.Host, c.Database}
	for _, f := range c.Fallbacks {
		parts = append(parts, f.Host)
	}
	for _, v := range c.RuntimeParams {
		parts = append(parts, v)
	}
	return strings.Contains(strings.Join(parts, ""), "@")
}

// place names the database in errors.
func place(c *pgconn.Config) string {
	network, address := pgconn.NetworkAddress(c.Host, c.Port)
	if network == "unix" {
		address = c.Host
	}
	return address + ", database " + c.Database
}

// begin starts a transaction that sees one state of the database and cannot
// change it, in which the same rows are written in the same way and order
// whatever the settings of server and user are. The planner is told that all
// rows will be read.
const begin = `start transaction isolation level repeatable read, read only;
set local client_encoding = 'UTF8';
set local datestyle = 'ISO, YMD';
set local intervalstyle = 'iso_8601';
set local timezone = 'UTC';
set local lc_monetary = 'C';
set local synchronize_seqscans = off;
set local cursor_tuple_fraction = 1`

// declare goes before the query. The line end keeps the query's own places.
const declare = "declare icpfit no scroll cursor without hold for\n"

// open connects and starts the query.
func (r *reader) open(ctx context.Context) (err error) {
	s := r.source
	if r.conn, err = pgconn.ConnectConfig(ctx, s.config); err != nil {
		return s.unreachable(err)
	}
	if _, err := r.conn.Exec(ctx, begin).ReadAll(); err != nil {
		return s.fault(err)
	}
	// One statement only: the extended protocol takes no more.
	if err := r.conn.ExecParams(ctx, declare+s.query, nil, nil, nil, nil).Read().Err; err != nil {
		return s.fault(err)
	}
	described, err := r.conn.Prepare(ctx, "", r.fetchText(), nil)
	if err != nil {
		return s.fault(err)
	}
	return r.bind(ctx, described.Fields)
}
