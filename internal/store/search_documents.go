package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/search"
)

// searchSource implements search.Source.
type searchSource struct{ *CatalogFeed }

// SearchSource gives what the search index is made from.
func (s *Store) SearchSource() search.Source { return searchSource{s.CatalogFeed()} }

// documentPage is how many resources one read of EachDocument brings.
const documentPage = 2000

// documentColumns are the columns of scanDocument. The quality is that of the
// last run.
func (s searchSource) documentColumns() string {
	total := "CAST(json_extract(q.result, '$.total') AS REAL)"
	if s.engine == enginePostgres {
		total = "(q.result ->> 'total')::float8"
	}
	return `SELECT r.id, r.code, r.provider, r.published, v.number, v.status, v.entry, coalesce(v.published_at, v.created_at),
		(SELECT ` + total + ` FROM quality_runs AS q WHERE q.resource = r.id ORDER BY q.run_at DESC, q.id DESC LIMIT 1) `
}

// searchedEntry is what of an entry is searched.
type searchedEntry struct {
	Name       string             `json:"name"`
	ClassCode  string             `json:"class_code"`
	Abstract   string             `json:"abstract"`
	Frequency  string             `json:"frequency"`
	Attribute  string             `json:"attribute"`
	Methods    []string           `json:"methods"`
	Level      string             `json:"level"`
	Collection string             `json:"collection"`
	FormatKind catalog.FormatKind `json:"format_kind"`
	Items      []struct {
		Code        string `json:"code"`
		Name        string `json:"name"`
		EnglishName string `json:"english_name"`
	} `json:"items"`
}

func scanDocument(rows *sql.Rows) (search.Document, error) {
	var d search.Document
	var published int
	var status, entry string
	var quality sql.NullFloat64
	if err := rows.Scan(&d.Resource, &d.Code, &d.Provider, &published, &d.Version, &status, &entry, &d.Rank, &quality); err != nil {
		return d, err
	}
	e, err := decode[searchedEntry]("entry", entry)
	if err != nil {
		return d, err
	}
	switch {
	case d.Version == published:
		d.State = search.Published
	case catalog.VersionStatus(status) == catalog.Submitted:
		d.State = search.Submitted
	default:
		d.State = search.Draft
	}
	d.Name, d.Abstract, d.ClassCode, d.Attribute, d.Methods = e.Name, e.Abstract, e.ClassCode, e.Attribute, e.Methods
	d.FormatKind, d.Frequency, d.Level, d.Linked = string(e.FormatKind), e.Frequency, e.Level, e.Collection
	d.Quality = -1
	if quality.Valid {
		d.Quality = quality.Float64
	}
	d.Items = make([]search.Item, 0, len(e.Items))
	for _, x := range e.Items {
		d.Items = append(d.Items, search.Item{Name: x.Name, EnglishName: x.EnglishName, Code: x.Code})
	}
	return d, nil
}

func (s searchSource) documents(ctx context.Context, query string, args ...any) ([]search.Document, error) {
	var out []search.Document
	err := s.query(ctx, "read documents", query, args, func(rows *sql.Rows) error {
		d, err := scanDocument(rows)
		out = append(out, d)
		return err
	})
	return out, err
}

// Documents gives the published and the pending version of the resources.
func (s searchSource) Documents(ctx context.Context, resources []string) ([]search.Document, error) {
	if len(resources) == 0 {
		return nil, nil
	}
	args := make([]any, 0, len(resources))
	for _, id := range resources {
		args = append(args, id)
	}
	return s.documents(ctx, s.documentColumns()+`FROM resources AS r JOIN resource_versions AS v ON v.resource = r.id AND v.number IN (r.published, r.pending)
		WHERE r.id IN `+valuesList(1, len(args)), args...)
}

// EachDocument reads all, page after page, by provider.
func (s searchSource) EachDocument(ctx context.Context, fn func([]search.Document) error) error {
	provider, id := "", ""
	for {
		var lastProvider, lastID string
		n := 0
		err := s.query(ctx, "read resources", "SELECT provider, id FROM resources WHERE (provider, id) > (?, ?) ORDER BY provider, id LIMIT ?",
			[]any{provider, id, documentPage}, func(rows *sql.Rows) error {
				n++
				return rows.Scan(&lastProvider, &lastID)
			})
		if err != nil || n == 0 {
			return err
		}
		docs, err := s.documents(ctx, s.documentColumns()+`FROM resources AS r JOIN resource_versions AS v ON v.resource = r.id AND v.number IN (r.published, r.pending)
			WHERE (r.provider, r.id) > (?, ?) AND (r.provider, r.id) <= (?, ?) ORDER BY r.provider, r.id`, provider, id, lastProvider, lastID)
		if err != nil {
			return err
		}
		if err := fn(docs); err != nil {
			return err
		}
		provider, id = lastProvider, lastID
	}
}

func (s searchSource) CountDocuments(ctx context.Context) (int, error) {
	n := 0
	err := s.query(ctx, "count resources", "SELECT count(*) FROM resources WHERE published > 0 OR pending > 0", nil, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, err
}

// regionsAtOnce bounds the regions that one statement asks for.
const regionsAtOnce = 5000

func (s searchSource) Directory(ctx context.Context) (search.DirectoryData, error) {
	out := search.DirectoryData{Authorities: map[string]string{}}
	err := s.query(ctx, "read departments", "SELECT id, name, region FROM departments ORDER BY id", nil, func(rows *sql.Rows) error {
		var d search.Department
		err := rows.Scan(&d.ID, &d.Name, &d.Region)
		out.Departments = append(out.Departments, d)
		return err
	})
	if err != nil {
		return out, err
	}
	err = s.query(ctx, "read authorities", "SELECT region, department FROM authorities", nil, func(rows *sql.Rows) error {
		var region, department string
		err := rows.Scan(&region, &department)
		out.Authorities[region] = department
		return err
	})
	if err != nil {
		return out, err
	}
	wanted := map[string]bool{}
	err = s.query(ctx, "read regions", "SELECT path FROM regions WHERE code IN (SELECT region FROM departments)", nil, func(rows *sql.Rows) error {
		var path string
		err := rows.Scan(&path)
		for _, code := range strings.Split(strings.TrimSuffix(path, "/"), "/") {
			wanted[code] = true
		}
		return err
	})
	if err != nil {
		return out, err
	}
	var codes []any
	for code := range wanted {
		codes = append(codes, code)
	}
	for from := 0; from < len(codes); from += regionsAtOnce {
		some := codes[from:min(from+regionsAtOnce, len(codes))]
		err := s.query(ctx, "read regions", "SELECT code, name, path FROM regions WHERE code IN "+valuesList(1, len(some)), some, func(rows *sql.Rows) error {
			var r search.Region
			err := rows.Scan(&r.Code, &r.Name, &r.Path)
			out.Regions = append(out.Regions, r)
			return err
		})
		if err != nil {
			return out, err
		}
	}
	return out, nil
}
