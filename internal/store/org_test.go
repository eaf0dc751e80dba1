package store_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/store"
)

func TestWhatIsNotThereIsMissing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, id := t.Context(), ident.New()
		for name, read := range map[string]func() error{
			"region":     func() error { _, err := s.Org().Region(ctx, id); return err },
			"department": func() error { _, err := s.Org().Department(ctx, id); return err },
			"person":     func() error { _, err := s.Org().Person(ctx, id); return err },
			"username":   func() error { _, err := s.Org().PersonByUsername(ctx, id); return err },
			"secrets":    func() error { _, err := s.Org().Secrets(ctx, id); return err },
			"system":     func() error { _, err := s.Org().System(ctx, id); return err },
			"credential": func() error { _, err := s.Org().CredentialByThumb(ctx, id); return err },
			"revoke":     func() error { return s.Org().RevokeCredential(ctx, id, noon) },
			"update":     func() error { return s.Org().UpdateDepartment(ctx, org.Department{ID: id, Kind: org.Government}) },
			"resource":   func() error { _, err := s.Catalog().Resource(ctx, id); return err },
			"version":    func() error { _, err := s.Catalog().Version(ctx, id, 1); return err },
			"grant":      func() error { _, err := s.Sharing().GrantOfCase(ctx, id); return err },
			"case":       func() error { _, err := s.Cases().Case(ctx, id); return err },
			"session":    func() error { _, err := s.Access().SessionByHash(ctx, id); return err },
			"setting":    func() error { _, err := s.Node().Get(ctx, id); return err },
		} {
			f, is := fault.As(read())
			if !is || f.Kind != fault.NotFound {
				t.Errorf("%s: %v", name, read())
			}
		}
		for name, read := range map[string]func() (string, error){
			"authority": func() (string, error) { return s.Org().AuthorityOf(ctx, "1") },
			"territory": func() (string, error) { return s.Org().TerritoryOf(ctx, id) },
		} {
			if got := get(read())(t); got != "" {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
}

func TestDepartmentsReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		if got := get(s.Org().Department(w.ctx, w.consumer.ID))(t); !reflect.DeepEqual(got, w.consumer) {
			t.Errorf("got  %+v\nwant %+v", got, w.consumer)
		}
		for _, office := range []*org.SharingOffice{
			{Name: "共享办", Head: w.person.ID, Leader: w.person.ID, Manager: w.person.ID, Contact: "0000-1234567", FiledAt: noon},
			{Name: "", FiledAt: noon}, // filed, and nothing known yet
			nil,
		} {
			d := get(s.Org().Department(w.ctx, w.provider.ID))(t)
			d.Office, d.Parent = office, w.consumer.ID
			ok(t, s.Org().UpdateDepartment(w.ctx, d))
			d.Version++
			if got := get(s.Org().Department(w.ctx, d.ID))(t); !reflect.DeepEqual(got, d) {
				t.Errorf("got  %+v\nwant %+v", got.Office, d.Office)
			}
		}
	})
}

func TestPeopleAndSecretsReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.person
		p.Disabled, p.Roles = true, []org.Role{org.Auditor}
		ok(t, s.Org().UpdatePerson(w.ctx, p))
		p.Version++
		for _, got := range []org.Person{get(s.Org().Person(w.ctx, p.ID))(t), get(s.Org().PersonByUsername(w.ctx, "zhang"))(t),
			get(s.Org().People(w.ctx, w.provider.ID))(t)[0]} {
			if !reflect.DeepEqual(got, p) {
				t.Errorf("got %+v, want %+v", got, p)
			}
		}
		until := noon.Add(time.Hour)
		for _, x := range []org.Secrets{
			{Person: p.ID, PasswordHash: "$argon2id$v=19$'?$1"},
			{Person: p.ID, PasswordHash: "h", TOTPSecret: []byte{0, 1, '\'', 255}, TOTPLast: 1 << 40, Failures: 3, LockedUntil: &until},
			{Person: p.ID, PasswordHash: "h"},
		} {
			ok(t, s.Org().PutSecrets(w.ctx, x))
			if got := get(s.Org().Secrets(w.ctx, p.ID))(t); !reflect.DeepEqual(got, x) {
				t.Errorf("got %+v, want %+v", got, x)
			}
		}
	})
}

func TestSystemsReadBackWithTheirCredentials(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		bare := org.System{ID: ident.New(), Department: w.consumer.ID, Name: "无测评", Version: 1, CreatedAt: noon}
		ok(t, s.Org().InsertSystem(w.ctx, bare))
		c := org.Credential{ID: ident.New(), System: w.system.ID, Kind: org.AssertionKey, Value: `{"kty":"OKP"}`, Thumb: "Ab_-",
			NotAfter: noon.AddDate(1, 0, 0), CreatedAt: noon}
		ok(t, s.Org().InsertCredential(w.ctx, c))
		later := noon.Add(time.Minute)
		ok(t, s.Org().RevokeCredential(w.ctx, c.ID, noon))
		ok(t, s.Org().RevokeCredential(w.ctx, c.ID, later))
		at := noon
		c.RevokedAt = &at
		if got := get(s.Org().CredentialByThumb(w.ctx, "Ab_-"))(t); !reflect.DeepEqual(got, c) {
			t.Errorf("got %+v, want %+v", got, c)
		}
		want := w.system
		want.Credentials, want.DisabledAt, want.Version = []org.Credential{c}, &later, 2
		x := w.system
		x.DisabledAt = &later
		ok(t, s.Org().UpdateSystem(w.ctx, x))
		if got := get(s.Org().System(w.ctx, want.ID))(t); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if got := get(s.Org().Systems(w.ctx, w.consumer.ID))(t); !reflect.DeepEqual(got, []org.System{want, bare}) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestUniquenessIsTold(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		p := w.person
		p.ID = ident.New()
		d := w.consumer
		d.ID = ident.New()
		v := w.version
		v.ID = ident.New()
		for name, c := range map[string]struct {
			err    error
			fields []string
		}{
			"username":   {s.Org().InsertPerson(w.ctx, p), []string{"username"}},
			"uscc":       {s.Org().InsertDepartment(w.ctx, d), []string{"uscc"}},
			"id":         {s.Org().InsertSystem(w.ctx, w.system), []string{"id"}},
			"two fields": {s.Catalog().InsertVersion(w.ctx, v), []string{"resource", "number"}},
		} {
			f := wantFault(t, c.err, "already_exists")
			var got []string
			for _, x := range f.Fields {
				got = append(got, x.Path)
			}
			if f.Kind != fault.Conflict || !slices.Equal(got, c.fields) {
				t.Errorf("%s: fields %v", name, got)
			}
			if strings.Contains(fmt.Sprint(f.Message, f.Fields, f.Facts), "zhang") {
				t.Errorf("%s: the value is shown", name)
			}
		}
		p.Username = "ZHANG" // letter case tells names apart
		ok(t, s.Org().InsertPerson(w.ctx, p))
	})
}

// What is no fault stays a plain error.
func TestBrokenReferencesArePlainErrors(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		d := w.consumer
		d.ID, d.USCC, d.Region = ident.New(), "x", "000000"
		bad := w.consumer
		bad.ID, bad.USCC, bad.Kind = ident.New(), "y", "guild"
		for name, err := range map[string]error{
			"reference": s.Org().InsertDepartment(w.ctx, d), "enumeration": s.Org().InsertDepartment(w.ctx, bad),
		} {
			if _, is := fault.As(err); err == nil || is || store.IsUnavailable(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAuthorities(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ok(t, s.Org().SetAuthority(w.ctx, "990000", w.provider.ID))
		ok(t, s.Org().SetAuthority(w.ctx, "990000", w.consumer.ID)) // replaces
		if got := get(s.Org().AuthorityOf(w.ctx, "990000"))(t); got != w.consumer.ID {
			t.Errorf("authority %q", got)
		}
		if got := get(s.Org().TerritoryOf(w.ctx, w.consumer.ID))(t); got != "990000" {
			t.Errorf("territory %q", got)
		}
		wantFault(t, s.Org().SetAuthority(w.ctx, "990100", w.consumer.ID), "already_exists")
	})
}

func TestRegions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ok(t, s.Org().PutRegions(w.ctx, []org.Region{{Code: "990000", Name: "新名", Parent: "100000", Level: org.Province, Path: "100000/990000/"}}))
		if r := get(s.Org().Region(w.ctx, "990000"))(t); r.Name != "新名" || r.Parent != "100000" {
			t.Errorf("%+v", r)
		}
		if n := get(s.Org().CountRegions(w.ctx))(t); n != 4 {
			t.Errorf("%d regions", n)
		}
		if root := get(s.Org().Children(w.ctx, ""))(t); len(root) != 1 || root[0].Code != "100000" || root[0].Parent != "" {
			t.Errorf("root %+v", root)
		}
		var codes []string
		for _, r := range get(s.Org().Children(w.ctx, "990000"))(t) {
			codes = append(codes, r.Code)
		}
		if !slices.Equal(codes, []string{"9901", "990100"}) {
			t.Errorf("children %v", codes)
		}
	})
}

func TestManyRegionsLoadQuickly(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		all := []org.Region{{Code: "100000", Name: "国", Level: org.Nation, Path: "100000/"}}
		for i := range 56_000 {
			code := fmt.Sprintf("%012d", i)
			all = append(all, org.Region{Code: code, Name: "某村", Parent: "100000", Level: org.Village, Path: "100000/" + code + "/"})
		}
		for range 2 { // idempotent
			start := time.Now()
			ok(t, s.Org().PutRegions(t.Context(), all))
			t.Logf("%d regions in %v", len(all), time.Since(start))
		}
		if n := get(s.Org().CountRegions(t.Context()))(t); n != len(all) {
			t.Errorf("%d regions", n)
		}
	})
}

func TestDepartmentLists(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		short := w.department(t, "100%_完成\\局 Abc", "9901")
		for name, c := range map[string]struct {
			f    org.DepartmentFilter
			want []org.Department
		}{
			"all":             {org.DepartmentFilter{}, []org.Department{w.consumer, w.provider, short}},
			"subtree":         {org.DepartmentFilter{RegionPath: "100000/990000/990100/"}, []org.Department{w.provider}},
			"nobody's prefix": {org.DepartmentFilter{RegionPath: "100000/990000/9901/"}, []org.Department{short}},
			"region":          {org.DepartmentFilter{Region: "990000"}, []org.Department{w.consumer}},
			"sector":          {org.DepartmentFilter{Sector: "公安"}, nil},
			"text":            {org.DepartmentFilter{Text: "公安"}, []org.Department{w.provider}},
			"letter case":     {org.DepartmentFilter{Text: "aBC"}, []org.Department{short}},
			"wildcards":       {org.DepartmentFilter{Text: "0%_完成\\"}, []org.Department{short}},
			"no wildcards":    {org.DepartmentFilter{Text: "甲_民"}, nil},
			"quote":           {org.DepartmentFilter{Text: "' OR 1=1 --"}, nil},
			"page":            {org.DepartmentFilter{Limit: 1, After: w.consumer.ID}, []org.Department{w.provider}},
		} {
			got := get(s.Org().Departments(w.ctx, c.f))(t)
			if len(got) == 0 && len(c.want) == 0 {
				continue
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: %+v", name, got)
			}
		}
	})
}

// Codes sort by bytes on both engines, whatever their locale: capitals before
// small letters, and Chinese by code point.
func TestCodesSortByBytes(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		codes := []string{"a", "B", "Z", "_", "省", "中", "ä", "b", "10", "9", "A"}
		ok(t, s.Do(t.Context(), func(ctx context.Context) error {
			ok(t, s.Org().PutRegions(ctx, nation("0")))
			for _, c := range codes {
				ok(t, s.Org().PutRegions(ctx, []org.Region{{Code: c, Name: c, Parent: "0", Level: org.Province, Path: "0/" + c + "/"}}))
			}
			return nil
		}))
		var got []string
		for _, r := range get(s.Org().Children(t.Context(), "0"))(t) {
			got = append(got, r.Code)
		}
		slices.Sort(codes)
		if !slices.Equal(got, codes) {
			t.Errorf("got %v, want %v", got, codes)
		}
	})
}
