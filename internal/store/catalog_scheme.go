package store

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// schemeStore implements catalog.SchemeStore.
type schemeStore struct{ *database }

// Scheme gives the store of what authorities add to the catalog standard.
func (s *Store) Scheme() catalog.SchemeStore { return schemeStore{s.db} }

type classRow struct {
	bun.BaseModel `bun:"table:catalog_classes,alias:c"`

	Code      string  `bun:"code,pk"`
	Parent    string  `bun:"parent"`
	Name      string  `bun:"name"`
	Note      string  `bun:"note"`
	Region    string  `bun:"region"`
	Authority string  `bun:"authority"`
	AddedBy   string  `bun:"added_by"`
	AddedAt   *micros `bun:"added_at"`
	EndedAt   *micros `bun:"ended_at"`
	Reason    string  `bun:"reason"`
}

func (r classRow) class() (catalog.Class, error) {
	return catalog.Class{Code: r.Code, Parent: r.Parent, Name: r.Name, Note: r.Note, Region: r.Region, Authority: r.Authority,
		AddedBy: r.AddedBy, AddedAt: r.AddedAt.timePtr(), EndedAt: r.EndedAt.timePtr(), Reason: r.Reason}, nil
}

func (s schemeStore) NextClass(ctx context.Context, parent string) (int, error) {
	n, err := s.next(ctx, "class:"+parent)
	return int(n), err
}

func (s schemeStore) InsertClass(ctx context.Context, c catalog.Class) error {
	row := classRow{Code: c.Code, Parent: c.Parent, Name: c.Name, Note: c.Note, Region: c.Region, Authority: c.Authority,
		AddedBy: c.AddedBy, AddedAt: toMicrosPtr(c.AddedAt), EndedAt: toMicrosPtr(c.EndedAt), Reason: c.Reason}
	return s.insert(ctx, "class", s.w(ctx).NewInsert().Model(&row))
}

func (s schemeStore) EndClass(ctx context.Context, code, reason string, at time.Time) error {
	_, err := s.affected(ctx, "end class", s.w(ctx).NewUpdate().Model((*classRow)(nil)).
		Set("ended_at = ?", toMicros(at)).Set("reason = ?", reason).Where("code = ? AND ended_at IS NULL", code))
	return err
}

func (s schemeStore) Classes(ctx context.Context) ([]catalog.Class, error) {
	var rows []classRow
	if err := s.r(ctx).NewSelect().Model(&rows).Order("code").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list classes", err)
	}
	return convert(rows, classRow.class)
}

func (s schemeStore) Class(ctx context.Context, code string) (catalog.Class, error) {
	var row classRow
	if err := s.one(ctx, "class", "分类", code, s.r(ctx).NewSelect().Model(&row).Where("code = ?", code)); err != nil {
		return catalog.Class{}, err
	}
	return row.class()
}

type elementRow struct {
	bun.BaseModel `bun:"table:standard_elements,alias:e"`

	Code        string `bun:"code,pk"`
	Version     int    `bun:"version,pk"`
	Name        string `bun:"name"`
	EnglishName string `bun:"english_name"`
	Body        string `bun:"body"` // JSON
	Search      string `bun:"search"`
	Authority   string `bun:"authority"`
	FiledBy     string `bun:"filed_by"`
	FiledAt     micros `bun:"filed_at"`
	Reason      string `bun:"reason"`
}

func (r elementRow) element() (catalog.Element, error) {
	return decode[catalog.Element]("element", r.Body)
}

func (s schemeStore) InsertElement(ctx context.Context, e catalog.Element) error {
	body, err := encode("element", e)
	if err != nil {
		return err
	}
	row := elementRow{Code: e.Code, Version: e.Version, Name: e.Name, EnglishName: e.EnglishName, Body: body,
		Search:    strings.ToLower(strings.Join(append([]string{e.Code, e.Name, e.EnglishName}, e.Aliases...), "\n")),
		Authority: e.Authority, FiledBy: e.By, FiledAt: toMicros(*e.At), Reason: e.Reason}
	return s.insert(ctx, "standard element", s.w(ctx).NewInsert().Model(&row))
}

func (s schemeStore) ElementVersions(ctx context.Context, code string) ([]catalog.Element, error) {
	var rows []elementRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("code = ?", code).Order("version").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list element versions", err)
	}
	return convert(rows, elementRow.element)
}

// latest narrows to the newest version of each element.
func (s schemeStore) latest(ctx context.Context, rows *[]elementRow) *bun.SelectQuery {
	return s.r(ctx).NewSelect().Model(rows).
		Where("version = (SELECT max(x.version) FROM standard_elements AS x WHERE x.code = e.code)").Order("code")
}

func (s schemeStore) LatestElements(ctx context.Context, codes []string) ([]catalog.Element, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	var rows []elementRow
	if err := s.latest(ctx, &rows).Where("code IN (?)", bun.List(codes)).Scan(ctx); err != nil {
		return nil, s.fail(ctx, "read elements", err)
	}
	return convert(rows, elementRow.element)
}

func (s schemeStore) FindElements(ctx context.Context, text string, limit int) ([]catalog.Element, error) {
	var rows []elementRow
	q := s.latest(ctx, &rows).Limit(limitOr(limit))
	if text != "" {
		q = q.Where(`search LIKE ? ESCAPE '\'`, likePart(text))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "find elements", err)
	}
	return convert(rows, elementRow.element)
}
