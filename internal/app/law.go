package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/lawview"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/worktime"
	"github.com/shuqiao/shuqiao/law"
)

// Law reads the rulebooks and the calendar that this release brings.
func Law() (*rulebook.Library, *worktime.Calendar, error) {
	books, err := Rulebooks(law.Rulebooks)
	if err != nil {
		return nil, nil, err
	}
	days, err := fs.Sub(law.Workdays, "workdays")
	if err != nil {
		return nil, nil, err
	}
	calendar, err := worktime.Load(days)
	if err != nil {
		return nil, nil, err
	}
	return rulebook.NewLibrary(books...), calendar, nil
}

// Rulebooks reads every rulebook of a directory laid out like law/ and checks
// each, and then all together. Everything that is wrong in any of them is told
// in one error.
func Rulebooks(dir fs.FS) ([]*rulebook.Rulebook, error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fault.New(fault.Invalid, "no_rulebooks", "目录中没有规则文件(*.yaml)")
	}
	var books []*rulebook.Rulebook
	var wrong []error
	for _, name := range names {
		source, err := law.SourceIn(dir, name)
		if err != nil {
			return nil, err
		}
		book, err := rulebook.Parse(source)
		if err != nil {
			wrong = append(wrong, unreadable(dir, name, err))
			continue
		}
		books = append(books, book)
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	if err := rulebook.CheckTogether(books...); err != nil {
		return nil, err
	}
	return books, nil
}

// LawView reads the rulebooks of a directory laid out like law/ and shows them
// together; rulebooks that are not sound are an error.
func LawView(dir fs.FS) (*lawview.Law, error) {
	books, err := Rulebooks(dir)
	if err != nil {
		return nil, err
	}
	return lawview.New(books...), nil
}

// unreadable says what is wrong with an instrument. Of files that are not even
// YAML of the right shape it names each: a line number in all of them together
// finds nothing.
func unreadable(dir fs.FS, name string, whole error) error {
	files, err := fs.Glob(dir, strings.TrimSuffix(name, ".yaml")+"/*.yaml")
	if err != nil {
		return err
	}
	var wrong []error
	for _, file := range append([]string{name}, files...) {
		source, err := fs.ReadFile(dir, file)
		if err != nil {
			return err
		}
		_, err = rulebook.Parse(source)
		var faults *rulebook.Faults
		if err != nil && !errors.As(err, &faults) {
			wrong = append(wrong, fmt.Errorf("%s: %w", file, err))
		}
	}
	if len(wrong) == 0 {
		return fmt.Errorf("%s: %w", name, whole)
	}
	return errors.Join(wrong...)
}

// rememberLaw stores this release's rulebooks and brings back earlier ones, so
// that each case goes on under the rules of the day it was received.
func rememberLaw(ctx context.Context, store casework.Store, lib *rulebook.Library, hooks *casework.Hooks) error {
	for _, b := range lib.Current() {
		if err := hooks.Verify(b); err != nil {
			return err
		}
		if err := store.PutRulebook(ctx, b.Key, b.Instrument.Code, b.Source); err != nil {
			return err
		}
	}
	stored, err := store.Rulebooks(ctx)
	if err != nil {
		return err
	}
	for key, source := range stored {
		b, err := rulebook.Parse(source)
		if err != nil {
			return fmt.Errorf("stored rulebook %s: %w", key, err)
		}
		if err := hooks.Verify(b); err != nil {
			return fmt.Errorf("stored rulebook %s: %w", key, err)
		}
		lib.Remember(b)
	}
	return nil
}
