package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// peers are PostgreSQL's own ways on the same data, asked by one user: a page
// of 20 and the number of hits, without any facets.
type peers struct {
	TrigramIndexSeconds float64           `json:"trigram_index_seconds"`
	TrigramIndexMB      float64           `json:"trigram_index_mb"`
	Trigram             map[string]spread `json:"trigram_like"`
	PairsIndexSeconds   float64           `json:"tsvector_index_seconds"`
	PairsIndexMB        float64           `json:"tsvector_index_mb"`
	Pairs               map[string]spread `json:"tsvector_pairs"`
}

// peerRuns is how often each kind of query is asked; peerLimit bounds one.
const (
	peerRuns  = 10
	peerLimit = "20s"
)

func comparePeers(ctx context.Context, url string, gen *generator, count int) (*peers, error) {
	db, _, err := openPlain(url)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	p := &peers{}
	timed := func(statements ...string) (float64, error) {
		begun := time.Now()
		for _, s := range statements {
			if _, err := db.ExecContext(ctx, s); err != nil {
				return 0, fmt.Errorf("%.60s: %w", s, err)
			}
		}
		return time.Since(begun).Seconds(), nil
	}
	if p.TrigramIndexSeconds, err = timed("CREATE EXTENSION pg_trgm", "CREATE INDEX peer_trigram ON resource_versions USING gin (search gin_trgm_ops)", "VACUUM (ANALYZE) resource_versions"); err != nil {
		return nil, err
	}
	p.Trigram, err = askPeer(ctx, db, gen, count, func(text string) (string, []any) {
		var where []string
		var args []any
		for _, w := range strings.Fields(text) {
			args = append(args, "%"+w+"%")
			where = append(where, fmt.Sprintf("search LIKE $%d", len(args)))
		}
		return "FROM resource_versions WHERE " + strings.Join(where, " AND "), args
	})
	if err != nil {
		return nil, err
	}
	if p.TrigramIndexMB, err = relationMB(ctx, db, "peer_trigram"); err != nil {
		return nil, err
	}
	if p.PairsIndexSeconds, err = timed("DROP INDEX peer_trigram", pairsFunction, `CREATE TABLE peer_pairs AS SELECT resource, array_to_tsvector(peer_pairs(search)) AS words FROM resource_versions`,
		"CREATE INDEX peer_pairs_words ON peer_pairs USING gin (words)", "CREATE INDEX peer_pairs_resource ON peer_pairs (resource)", "VACUUM (ANALYZE) peer_pairs"); err != nil {
		return nil, err
	}
	p.Pairs, err = askPeer(ctx, db, gen, count, func(text string) (string, []any) {
		return "FROM peer_pairs WHERE words @@ peer_query($1)", []any{text}
	})
	if err != nil {
		return nil, err
	}
	p.PairsIndexMB, err = relationMB(ctx, db, "peer_pairs_words")
	return p, err
}

// pairsFunction gives the single characters and pairs of a text: PostgreSQL has
// no parser for Chinese.
const pairsFunction = `CREATE FUNCTION peer_pairs(t TEXT) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT array_agg(DISTINCT substr(t, i, n)) FROM generate_series(1, length(t)) AS i, generate_series(1, 2) AS n WHERE i + n - 1 <= length(t) $$;
CREATE FUNCTION peer_query(t TEXT) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg(DISTINCT quote_literal(p), ' & ')::tsquery FROM regexp_split_to_table(t, '\s+') AS w, LATERAL (SELECT substr(w, i, least(2, length(w))) AS p
		FROM generate_series(1, greatest(length(w) - 1, 1)) AS i) AS x $$`

func relationMB(ctx context.Context, db *sql.DB, name string) (mb float64, err error) {
	err = db.QueryRowContext(ctx, "SELECT pg_relation_size($1::regclass) / 1048576.0", name).Scan(&mb)
	return mb, err
}

// askPeer asks the kinds of queries that are words. A query that takes longer
// than the limit counts with it.
func askPeer(ctx context.Context, db *sql.DB, gen *generator, count int, from func(text string) (string, []any)) (map[string]spread, error) {
	if _, err := db.ExecContext(ctx, "SET statement_timeout = '"+peerLimit+"'"); err != nil {
		return nil, err
	}
	defer func() { _, _ = db.ExecContext(ctx, "SET statement_timeout = 0") }()
	a := &asker{rng: rand.New(rand.NewPCG(5, 6)), gen: gen.forked(5), count: count}
	out := map[string]spread{}
	for _, k := range queryKinds {
		switch k.name {
		case "two_characters", "very_frequent_word", "one_character", "long_word", "three_words":
		default:
			continue
		}
		var took []time.Duration
		for range peerRuns {
			tail, args := from(k.text(a))
			begun := time.Now()
			for _, head := range []string{"SELECT count(*) ", "SELECT resource "} {
				query := head + tail
				if head != "SELECT count(*) " {
					query += " ORDER BY resource DESC LIMIT 20"
				}
				rows, err := db.QueryContext(ctx, query, args...)
				if err == nil {
					for rows.Next() {
						continue
					}
					err = rows.Err()
					rows.Close()
				}
				if err != nil && !strings.Contains(err.Error(), "57014") {
					return nil, err
				}
			}
			took = append(took, time.Since(begun))
		}
		out[k.name] = spreadOf(took)
		fmt.Printf("  peer %-22s %+v\n", k.name, out[k.name])
	}
	return out, nil
}
