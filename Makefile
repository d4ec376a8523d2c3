# assay: make, make deps, make install, make check [T=ROOM/NAME] [SANITIZE=1], make soak, make demo, make bench,
# make simulate, make lint, make clean
#
# Each room of src/ becomes an archive; a test of a room is linked against that room and the floors below it.

PREFIX ?= /usr/local
DESTDIR ?=
CC = gcc
SANITIZE ?=
BUILD ?= build$(if $(SANITIZE),/sanitize)
VERSION = 0.1.0

BUILD_PACKAGES = gcc libc6-dev pkg-config libgit2-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libjansson-dev \
	libyaml-dev libgsl-dev libssl-dev zlib1g-dev libsqlite3-dev gnuplot-nox git ca-certificates
TEST_PACKAGES = libcmocka-dev jq python3-jsonschema chromium@chromium nodejs@node npm@npm openssh-client@ssh-keygen gnupg@gpg git-lfs@git-lfs python3@python3 git-filter-repo@git-filter-repo
BENCH_PACKAGES = python3-sklearn python3-pandas
LINT_PACKAGES = clang clang-tidy clang-format libomp-dev cppcheck

# Floors from the top; rooms of one floor stand together.
ROOMS = command server track site judge record learn store stats format base
FLOOR_command = base format stats store record learn judge track site server
FLOOR_server = base format stats store record learn judge track site
FLOOR_track = base format stats store record learn judge
FLOOR_site = $(FLOOR_track)
FLOOR_judge = base format stats store record learn
FLOOR_record = base format stats store
FLOOR_learn = base format stats store
FLOOR_store = base
FLOOR_stats = base
FLOOR_format = base
FLOOR_base =

LIBRARIES = libgit2 libcmark-gfm jansson yaml-0.1 gsl libcrypto zlib sqlite3
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
OPTIMISE = $(if $(SANITIZE),-O1 -fno-omit-frame-pointer -fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined,-O2)
comma = ,
CFLAGS ?= -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DASSAY_VERSION='"$(VERSION)"' -Isrc $(WARNINGS) $(OPTIMISE) -ffp-contract=off -fopenmp \
	-pthread $(shell pkg-config --cflags $(LIBRARIES)) $(CFLAGS)
# Each shared library costs a start some 0.1 ms, and `assay log` starts once a line: small ones go into the program where the
# compiler finds them as archives. (Not libyaml, whose yaml_free would meet ours.)
INSIDE = cmark-gfm-extensions cmark-gfm jansson gsl gslcblas sqlite3
archive = $(filter /%,$(shell $(CC) -print-file-name=lib$(1).a))
LDLIBS := $(foreach lib,-lcmark-gfm-extensions $(shell pkg-config --libs $(LIBRARIES)) -lm,$(or \
	$(if $(filter $(INSIDE:%=-l%),$(lib)),$(call archive,$(lib:-l%=%))),$(lib)))
ALL_LDFLAGS = $(if $(SANITIZE),-fsanitize=address$(comma)undefined) -fopenmp -pthread $(LDFLAGS)

SOURCES = $(wildcard src/*.c src/*/*.c src/*/*/*.c)
present = $(filter $(patsubst src/%/,%,$(dir $(wildcard src/*/*.c))),$(1))
room_objects = $(patsubst src/%.c,$(BUILD)/%.o,$(wildcard src/$(1)/*.c src/$(1)/*/*.c))
archives = $(patsubst %,$(BUILD)/lib%.a,$(filter $(1),$(call present,$(ROOMS)))) $(BUILD)/libembedded.a

EMBEDDED = $(sort $(wildcard templates/*.mustache templates/*/*.mustache templates/*.md templates/*.yaml themes/*/*)) \
	src/record/run.schema.json
UNIT_TESTS = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/*/test_*.c))

.PHONY: FORCE all deps test-deps install check soak demo bench simulate lint clean unit
.SECONDARY:
all: $(BUILD)/assay

# gcc's OpenMP library goes into the program, so that main.c can tell it how to wait; where there is only a shared one, that.
GOMP := $(filter /%,$(if $(findstring clang,$(CC)),,$(shell $(CC) -print-file-name=libgomp.a)))
$(BUILD)/assay: $(BUILD)/main.o $(call archives,$(ROOMS))
	$(CC) $(if $(GOMP),$(filter-out -fopenmp,$(ALL_LDFLAGS)),$(ALL_LDFLAGS)) -o $@ $< $(call archives,$(ROOMS)) $(GOMP) $(LDLIBS)

$(BUILD)/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The hot loops: -O3 lets gcc vectorise them; what needs more than SSE2 says so by a target attribute.
$(BUILD)/learn/%.o $(BUILD)/stats/%.o: OPTIMISE := $(if $(SANITIZE),$(OPTIMISE),-O3)

define ROOM_RULE
$(BUILD)/lib$(1).a: $(call room_objects,$(1))
	@rm -f $$@
	ar rcs $$@ $$^
endef
$(foreach room,$(call present,$(ROOMS)),$(eval $(call ROOM_RULE,$(room))))

# The list changes when a file comes or goes: then the table is made anew.
$(BUILD)/embedded.list: FORCE
	@mkdir -p $(@D)
	@echo $(EMBEDDED) | cmp -s - $@ || echo $(EMBEDDED) >$@
$(BUILD)/embedded.c: $(EMBEDDED) $(BUILD)/embedded.list src/base/embed.sh Makefile
	sh src/base/embed.sh $(EMBEDDED) >$@.tmp && mv $@.tmp $@
$(BUILD)/embedded.o: $(BUILD)/embedded.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<
$(BUILD)/libembedded.a: $(BUILD)/embedded.o
	@rm -f $@
	ar rcs $@ $^

# tests/ROOM/test_NAME.c, linked against ROOM and the floors below it
define UNIT_RULE
$(BUILD)/tests/$(1)/%: tests/$(1)/%.c tests/check.h $(call archives,$(1) $(FLOOR_$(1))) Makefile
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) -Itests -MMD -MP -MF $$@.d $$(ALL_LDFLAGS) -o $$@ $$< $(call archives,$(1) $(FLOOR_$(1))) $$(LDLIBS) -lcmocka
endef
$(foreach room,$(call present,$(ROOMS)),$(eval $(call UNIT_RULE,$(room))))
# The simulated worlds of tests/simulate/, shared by the program of `make simulate` and the tests of its quick part; of
# judge/ and site/ they need the words and the kept rates alone
SIMULATED = $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(filter-out tests/simulate/simulate.c tests/simulate/selection.c tests/simulate/test_%,\
	$(wildcard tests/simulate/*.c)))
$(BUILD)/tests/simulate/%.o: tests/simulate/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<
$(BUILD)/tests/simulate/%: $(BUILD)/tests/simulate/%.o $(SIMULATED) $(BUILD)/judge/verdict.o $(BUILD)/site/page/rates.o \
		$(call archives,learn $(FLOOR_learn))
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka
unit: $(UNIT_TESTS)

deps:
	@sh tests/packages.sh $(BUILD_PACKAGES)
test-deps:
	@sh tests/packages.sh $(BUILD_PACKAGES) $(TEST_PACKAGES)

install: all
	install -D -m 755 $(BUILD)/assay $(DESTDIR)$(PREFIX)/bin/assay

check: test-deps
	@$(MAKE) --no-print-directory all $(if $(filter-out cli/% browser/%,$(T)),$(BUILD)/tests/$(T),$(if $(T),,unit))
	@BUILD=$(abspath $(BUILD)) sh tests/run.sh $(T)

# The long form of what `make check` does with a few random kills.
soak:
	@KILLS=200 $(MAKE) --no-print-directory check T=cli/run-random-kills

demo: deps
	@sh tests/packages.sh python3@python3
	@$(MAKE) --no-print-directory all
	@BUILD=$(abspath $(BUILD)) sh sample-project/demo.sh

# The figures of tests/bench/README.md: assay and its peers in turn, medians and ratios.
bench:
	@sh tests/packages.sh $(BUILD_PACKAGES) $(BENCH_PACKAGES)
	@$(MAKE) --no-print-directory all $(BUILD)/tests/bench/learn $(BUILD)/tests/bench/stats
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/bench/run.py $(BENCH)
$(BUILD)/tests/bench/%: tests/bench/%.c $(call archives,learn $(FLOOR_learn)) Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(call archives,learn $(FLOOR_learn)) $(LDLIBS)

# How often the verdicts are wrong, as the methods page shows it (tests/simulate/README.md); half an hour of one core, of
# which PERCENT=10 takes a tenth.
simulate:
	@sh tests/packages.sh $(BUILD_PACKAGES) libcmocka-dev
	@$(MAKE) --no-print-directory $(BUILD)/tests/simulate/simulate $(BUILD)/tests/simulate/selection
	$(BUILD)/tests/simulate/simulate src/site/page/rates.def $(BUILD)/tests/simulate/checkpoint $(PERCENT)
	$(BUILD)/tests/simulate/selection src/site/page/selection_rates.def

lint:
	@sh tests/packages.sh $(BUILD_PACKAGES) libcmocka-dev $(LINT_PACKAGES)
	@$(MAKE) --no-print-directory all
	@CFLAGS='$(subst ',,$(ALL_CFLAGS))' BUILD=$(abspath $(BUILD)) sh tests/lint.sh

clean:
	rm -rf build

-include $(SOURCES:src/%.c=$(BUILD)/%.d) $(UNIT_TESTS:%=%.d) $(patsubst tests/%.c,$(BUILD)/tests/%.d,$(wildcard tests/simulate/*.c))
