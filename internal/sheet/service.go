package sheet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

// Bounds of what is handed in.
const (
	// MaxFile is the largest file in bytes.
	MaxFile = 64 << 20
	chunk   = 1 << 20
	maxOpen = 5 // imports of a department that have not ended
)

// Catalog are the use cases that an import and an export call; *catalog.Service
// implements it.
type Catalog interface {
	CreateDraft(ctx context.Context, p org.Principal, e catalog.Entry) (catalog.Resource, catalog.Version, error)
	EditDraft(ctx context.Context, p org.Principal, resourceID string, e catalog.Entry, revision int) (catalog.Version, error)
	NewVersion(ctx context.Context, p org.Principal, resourceID, reason string) (catalog.Version, error)
	Get(ctx context.Context, p org.Principal, resourceID string) (catalog.Resource, *catalog.Version, *catalog.Version, error)
	List(ctx context.Context, p org.Principal, f catalog.Filter) ([]catalog.Summary, error)
}

// People says who somebody is now; *org.Service implements it.
type People interface {
	Principal(ctx context.Context, personID string) (org.Principal, error)
	RequireOffice(ctx context.Context, departmentID string) error
}

// Deps is what a Service works with.
type Deps struct {
	Store   Store
	Shelf   Shelf
	Catalog Catalog
	Scheme  Scheme
	People  People
	Clock   clock.Clock
	// Refused records an attempt to enter what is marked secret (CN-3).
	Refused func(context.Context, catalog.Refusal) error
	Limits  table.Limits // zero: table.DefaultLimits
	TempDir string       // for files while they are read; "": the system's
}

// Service imports and exports. It is safe for concurrent use.
type Service struct {
	Deps
	running sync.Map // import ID → resources committed so far, of this process
}

// NewService makes the service.
func NewService(d Deps) *Service {
	if d.Limits == (table.Limits{}) {
		d.Limits = table.DefaultLimits
	}
	return &Service{Deps: d}
}

// compiles refuses whoever does not compile the catalog of their department.
func compiles(p org.Principal) error {
	if !p.HasAny(org.Clerk, org.OfficeHead) {
		return fault.New(fault.Forbidden, "role_missing", "只有提供部门共享工作机构的人员可以导入目录").Under("CN-11")
	}
	return nil
}

// fileName keeps the last part of a file's name, without what is no letter.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, name)
	if name == "." || name == "/" || name == "" {
		return "目录"
	}
	return cutText(name, 100)
}

// Start takes a file in and asks for its dry run. Nothing of the catalog is
// touched. Refusals: "role_missing", "office_incomplete" (CN-11),
// "too_many_imports", "file_too_large", "file_empty", "file_kind", "secret_refused".
func (s *Service) Start(ctx context.Context, p org.Principal, name string, file io.Reader) (Import, error) {
	if err := compiles(p); err != nil {
		return Import{}, err
	}
	if err := s.People.RequireOffice(ctx, p.Department.ID); err != nil {
		return Import{}, err
	}
	if Marked(strings.TrimSuffix(name, path.Ext(name))) {
		if s.Refused != nil {
			if err := s.Refused(ctx, catalog.Refusal{Person: p.Person.ID, Department: p.Department.ID, Fields: []string{"import.name"}, At: s.Clock.Now()}); err != nil {
				return Import{}, err
			}
		}
		return Import{}, fault.New(fault.Invalid, "secret_refused", "标有密级的内容不得录入；已记录本次操作，未保存其内容").Under("CN-3")
	}
	name = fileName(name)
	if ext := strings.ToLower(path.Ext(name)); ext == ".xlsm" || ext == ".xls" || ext == ".xlsb" {
		return Import{}, fault.New(fault.Invalid, "file_kind", "不能导入 "+ext+" 文件；请另存为不含宏的 .xlsx 或者 .csv")
	}
	have, err := s.Store.Imports(ctx, p.Department.ID, 50, "")
	if err != nil {
		return Import{}, err
	}
	open := 0
	for _, x := range have {
		if !x.State.ended() {
			open++
		}
	}
	if open >= maxOpen {
		return Import{}, fault.Newf(fault.Illegal, "too_many_imports", "本部门已有%d个未结束的导入，请先提交或者取消", open)
	}
	x := Import{ID: ident.New(), Department: p.Department.ID, Person: p.Person.ID, Name: name, State: Uploading, Mode: WholeFile, CreatedAt: s.Clock.Now(), Revision: 1, Kept: true}
	if err := s.Store.InsertImport(ctx, x); err != nil {
		return Import{}, err
	}
	if x.Size, x.SHA256, err = s.receive(ctx, x.ID, file); err != nil {
		return Import{}, errors.Join(err, s.fail(context.WithoutCancel(ctx), x, err))
	}
	x.State = Waiting
	err = s.Store.UpdateImport(ctx, x)
	x.Revision++
	return x, err
}

// receive keeps the file in pieces.
func (s *Service) receive(ctx context.Context, id string, file io.Reader) (int64, string, error) {
	sum := sha256.New()
	buf := make([]byte, chunk)
	var size int64
	for seq := 0; ; seq++ {
		n, err := io.ReadFull(file, buf)
		if size += int64(n); size > MaxFile {
			return 0, "", fault.Newf(fault.TooLarge, "file_too_large", "文件超过%d MB；请分成几个文件导入", MaxFile>>20)
		}
		if n > 0 {
			sum.Write(buf[:n])
			if err := s.Store.AppendBlob(ctx, id, Upload, seq, buf[:n]); err != nil {
				return 0, "", err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return 0, "", fault.New(fault.Invalid, "upload_broken_off", "上传中断，请重试").Because(err)
		}
	}
	if size == 0 {
		return 0, "", fault.New(fault.Invalid, "file_empty", "文件是空的")
	}
	return size, hex.EncodeToString(sum.Sum(nil)), nil
}

// fail ends an import. What is not a fault stays unsaid.
func (s *Service) fail(ctx context.Context, x Import, cause error) error {
	now := s.Clock.Now()
	x.State, x.EndedAt = Failed, &now
	x.Failure, x.Message = "internal_error", "导入时发生系统内部错误"
	if f, is := fault.As(cause); is {
		x.Failure, x.Message = f.Code, f.Message
	}
	return s.Store.UpdateImport(ctx, x)
}

// own gives an import to those who compile the department's catalog; to others
// it does not exist.
func (s *Service) own(ctx context.Context, p org.Principal, id string) (Import, error) {
	if err := compiles(p); err != nil {
		return Import{}, err
	}
	x, err := s.Store.Import(ctx, id)
	if err == nil && x.Department != p.Department.ID {
		return Import{}, fault.Missing("导入", id)
	}
	if n, running := s.running.Load(id); running && x.State == Committing {
		x.RowsDone = n.(int)
	}
	return x, err
}

// Get gives an import with its progress.
func (s *Service) Get(ctx context.Context, p org.Principal, id string) (Import, error) {
	return s.own(ctx, p, id)
}

// List gives the imports of the department, newest first.
func (s *Service) List(ctx context.Context, p org.Principal, limit int, after string) ([]Import, error) {
	if err := compiles(p); err != nil {
		return nil, err
	}
	return s.Store.Imports(ctx, p.Department.ID, limit, after)
}

// Rows gives the result for each resource, in the order of the file.
func (s *Service) Rows(ctx context.Context, p org.Principal, id string, o Outcome, after, limit int) ([]Planned, error) {
	if _, err := s.own(ctx, p, id); err != nil {
		return nil, err
	}
	return s.Store.Planned(ctx, id, o, after, limit, false)
}

// Remap corrects what the columns are and asks for a new dry run. The mapping
// is kept for the department's next file of the same layout.
func (s *Service) Remap(ctx context.Context, p org.Principal, id string, m Mapping) (Import, error) {
	x, err := s.own(ctx, p, id)
	if err != nil {
		return x, err
	}
	if x.State != Unmapped && x.State != Checked {
		return x, notNow(x)
	}
	if !x.Kept {
		return x, fault.New(fault.Illegal, "file_wiped", "上传的文件已清除，请重新上传")
	}
	if m, err = complete(x.Mapping, m); err != nil {
		return x, err
	}
	x.Mapping, x.State, x.Digest, x.Counts, x.RowsDone, x.RowsTotal = m, Waiting, "", Counts{}, 0, 0
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		if err := s.Store.KeepMapping(ctx, p.Department.ID, m.Signature(), m, s.Clock.Now()); err != nil {
			return err
		}
		return s.Store.UpdateImport(ctx, x)
	})
	x.Revision++
	return x, err
}

// complete brings the corrected fields over the headings that were found.
func complete(found, m Mapping) (Mapping, error) {
	var out Mapping
	for _, s := range found.Sheets {
		for _, given := range m.Sheets {
			if given.Sheet != s.Sheet {
				continue
			}
			fields := map[string]string{}
			for _, c := range given.Columns {
				fields[c.Column] = c.Field
			}
			s.Content = given.Content
			cols := make([]ColumnMap, len(s.Columns))
			for i, c := range s.Columns {
				if f, ok := fields[c.Column]; ok {
					c.Field = f
				}
				cols[i] = c
			}
			s.Columns = cols
		}
		out.Sheets = append(out.Sheets, s)
	}
	return out, out.check()
}

// Commit asks for the drafts of a dry run to be made: of exactly the one with
// the digest. With WholeFile nothing may have been refused.
func (s *Service) Commit(ctx context.Context, p org.Principal, id, digest string, mode Mode) (Import, error) {
	x, err := s.own(ctx, p, id)
	if err != nil {
		return x, err
	}
	if x.State != Checked {
		return x, notNow(x)
	}
	if digest != x.Digest {
		return x, fault.New(fault.Conflict, "digest_differs", "预检结果已经变化，请重新查看后再提交").With("digest", x.Digest)
	}
	if mode == WholeFile && x.Counts.Refused > 0 {
		return x, fault.Newf(fault.Illegal, "import_has_refusals", "有%d个信息资源未通过预检，不能整体提交；请更正文件后重新上传，或者选择按信息资源提交", x.Counts.Refused).
			With("refused", x.Counts.Refused)
	}
	if x.Counts.New+x.Counts.Changed == 0 {
		return x, fault.New(fault.Illegal, "nothing_to_import", "没有需要新增或者修改的内容")
	}
	x.State, x.Mode, x.Committer, x.Attempts, x.RowsDone, x.RowsTotal = Queued, mode, p.Person.ID, 0, 0, x.Counts.New+x.Counts.Changed
	err = s.Store.UpdateImport(ctx, x)
	x.Revision++
	return x, err
}

// Cancel ends an import that has not been committed; its file is wiped.
func (s *Service) Cancel(ctx context.Context, p org.Principal, id string) (Import, error) {
	x, err := s.own(ctx, p, id)
	if err != nil {
		return x, err
	}
	if x.State.ended() || x.State == Committing {
		return x, notNow(x)
	}
	now := s.Clock.Now()
	x.State, x.EndedAt, x.Kept, x.Errors = Cancelled, &now, false, false
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		if err := s.Store.Forget(ctx, id); err != nil {
			return err
		}
		return s.Store.UpdateImport(ctx, x)
	})
	x.Revision++
	return x, err
}

func notNow(x Import) error {
	return fault.New(fault.Illegal, "import_state", "导入当前的状态不允许这一步").With("state", string(x.State))
}

// Sweep forgets the files and rows of imports that are older than keep, and ends
// those that nobody committed. It reports whether there may be more.
func (s *Service) Sweep(ctx context.Context, keep time.Duration) (bool, error) {
	const portion = 20
	now := s.Clock.Now()
	old, err := s.Store.Stale(ctx, now.Add(-keep), portion)
	for _, x := range old {
		if x.State == Committing || x.State == Queued {
			continue
		}
		err = errors.Join(err, s.Store.Do(ctx, func(ctx context.Context) error {
			x.Kept, x.Errors = false, false
			if !x.State.ended() {
				x.State, x.EndedAt, x.Failure, x.Message = Failed, &now, "expired", "逾期未提交，上传的文件已清除"
			}
			if err := s.Store.Forget(ctx, x.ID); err != nil {
				return err
			}
			return s.Store.UpdateImport(ctx, x)
		}))
	}
	return len(old) == portion && err == nil, err
}
