package catalog

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Cases is what the duties around the catalog ask of the engine that runs
// them: a publication moves the case of the change that asked for it. It is
// called inside the running transaction.
type Cases interface {
	Case(ctx context.Context, id string) (procedure.Case, error)
	OpenAsPlatform(ctx context.Context, region string, req casework.OpenRequest) (caseID string, err error)
	TakeAsPlatform(ctx context.Context, caseID, action string, fields map[string]any) error
}

// Law tells what is in force where; *rulebook.Library implements it.
type Law interface {
	InForce(region string, at time.Time) (*rulebook.Rules, error)
}

// Departments is what the duties ask about departments; *org.Service
// implements it.
type Departments interface {
	Department(ctx context.Context, id string) (org.Department, error)
	SameLevelAuthority(ctx context.Context, departmentID string) (string, error)
}

// zone is the zone in which the days of forms are meant.
var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// dayOf is the day of an instant, as a form writes it.
func dayOf(at time.Time) string { return at.In(zone).Format(time.DateOnly) }

// ownResource gives the resource that a case is about, of the department that
// opens it. Of others it is as if it did not exist, unless it is published.
func ownResource(ctx context.Context, store Store, p org.Principal, id, basis string) (Resource, error) {
	r, err := store.Resource(ctx, id)
	if err != nil {
		return r, err
	}
	if r.Provider != p.Department.ID {
		if r.Published == 0 {
			return r, missing(id)
		}
		return r, fault.New(fault.Forbidden, "not_own_department", "只能办理本部门的目录条目").Under(basis)
	}
	return r, nil
}

// versionOf gives the version a publication case is about, with its resource.
func versionOf(ctx context.Context, store Store, c *procedure.Case) (Version, Resource, error) {
	v, err := store.VersionByID(ctx, c.Subject)
	if err != nil {
		return Version{}, Resource{}, err
	}
	r, err := store.Resource(ctx, v.Resource)
	return v, r, err
}

// regionOfParty puts the party's region into a case that its authority may
// have opened for it.
func regionOfParty(ctx context.Context, d Departments, c *procedure.Case, party, name, basis string) error {
	if c.Parties[party] == "" {
		return fault.Newf(fault.Invalid, "party_missing", "应指明%s", name).Under(basis)
	}
	department, err := d.Department(ctx, c.Parties[party])
	if err != nil {
		return err
	}
	c.Region = department.Region
	return nil
}
