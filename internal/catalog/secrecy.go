package catalog

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// marking is the official marking of a state secret, level and star
// ("机密★10年"), or of a work secret, as it stands on documents.
var marking = regexp.MustCompile(`(绝密|机密|秘密)\s*[★☆]|[★☆]\s*(绝密|机密|秘密|工作秘密)|工作秘密\s*[★☆]`)

// Refusal is the record of an attempt to enter something marked secret. It
// holds nothing of what was entered (CN-3).
type Refusal struct {
	Person     string // person ID
	Department string
	Resource   string   // when it was an edit
	Fields     []string // paths of the marked fields, never their content
	At         time.Time
}

// checkSecrecy refuses an entry in which anything is marked as a state or work
// secret (CN-3, XN-20). The refusal repeats nothing of the content.
func checkSecrecy(e Entry) error {
	var c fault.Collector
	add := func(path string) {
		c.Add(path, "secret", "涉及国家秘密、工作秘密的内容不得进入本平台", "CN-3")
	}
	if strings.TrimSpace(e.SecrecyMarking) != "" {
		add("secrecy_marking")
	}
	for _, x := range []struct{ path, text string }{
		{"name", e.Name}, {"abstract", e.Abstract}, {"use_conditions", e.UseConditions}, {"scope_of_use", e.ScopeOfUse},
		{"legal_basis", e.LegalBasis}, {"withheld_reason", e.WithheldReason}, {"source_system", e.SourceSystem},
		{"duty_basis", e.DutyBasis}, {"format", e.Format}, {"contact", e.Contact},
		{"purposes", strings.Join(e.Purposes, "\n")},
	} {
		if marking.MatchString(x.text) {
			add(x.path)
		}
	}
	for i, x := range e.Items {
		for _, f := range []struct{ path, text string }{{"name", x.Name}, {"format", x.Format}, {"description", x.Description}} {
			if marking.MatchString(f.text) {
				add(fmt.Sprintf("items[%d].%s", i, f.path))
			}
		}
	}
	return c.Err("secret_refused", "标有密级的内容不得录入；已记录本次操作，未保存其内容", "CN-3")
}

// CheckSecrecy is that check for those who must know before they open a
// transaction: an attempt is recorded outside of any.
func CheckSecrecy(e Entry) error { return checkSecrecy(e) }

// refuseSecrets runs checkSecrecy and has the attempt recorded.
func (s *Service) refuseSecrets(ctx context.Context, p org.Principal, resource string, e Entry) error {
	err := checkSecrecy(e)
	f, refused := fault.As(err)
	if !refused || s.record == nil {
		return err
	}
	r := Refusal{Person: p.Person.ID, Department: p.Department.ID, Resource: resource, At: s.clock.Now()}
	for _, x := range f.Fields {
		r.Fields = append(r.Fields, x.Path)
	}
	if recErr := s.record(ctx, r); recErr != nil {
		return fmt.Errorf("record refused secret: %w", recErr)
	}
	return err
}
