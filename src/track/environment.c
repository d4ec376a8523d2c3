/* What a run was made on: see environment.h. */
#include "track/environment.h"

#include "base/file.h"
#include "base/mem.h"
#include "format/json.h"

#include <gnu/libc-version.h>
#include <gsl/gsl_version.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The value after `key` up to the line's end, blanks and quotes around it taken off; NULL if it is not there. */
static char *value_in(const char *path, const char *key)
{
	struct buf text = BUF_INIT;
	char *value = NULL;
	const char *at;

	if (file_read(&text, path, NULL) == 0) {
		at = !strncmp(text.text, key, strlen(key)) ? text.text : strstr(text.text, key);
		if (at) {
			size_t len;

			at += strlen(key);
			at += strspn(at, " \t:=\"");
			len = strcspn(at, "\n");
			while (len && strchr(" \t\"", at[len - 1]))
				len--;
			value = mem_text_n(at, len);
		}
	}
	buf_release(&text);
	return value;
}

static int set_if_known(json_t *object, const char *key, const char *value, struct error *err)
{
	return value && *value ? json_set_text(object, key, value, err) : 0;
}

/* "Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x86_64" */
static int set_system(json_t *environment, struct error *err)
{
	char *name = value_in("/etc/os-release", "PRETTY_NAME"), *text = NULL;
	struct utsname kernel;
	int rc = 0;

	if (!uname(&kernel)) {
		text = mem_printf("%s%s%s %s %s", name ? name : "", name ? ", " : "", kernel.sysname, kernel.release,
				  kernel.machine);
		rc = text ? json_set_text(environment, "os", text, err) : error_nomem(err);
	}
	free(text);
	free(name);
	return rc;
}

static int set_machine(json_t *environment, struct error *err)
{
	char *cpu = value_in("/proc/cpuinfo", "model name");
	long cores = sysconf(_SC_NPROCESSORS_ONLN), pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	int rc = set_if_known(environment, "cpu", cpu, err);

	if (!rc && cores > 0)
		rc = json_set_number(environment, "cores", (double)cores, err);
	if (!rc && pages > 0 && page > 0)
		rc = json_set_number(environment, "memory_bytes", (double)pages * (double)page, err);
	free(cpu);
	return rc;
}

static int set_packages(json_t *environment, struct error *err)
{
	json_t *packages = json_object();
	int rc = packages ? 0 : error_nomem(err);

	if (!rc)
		rc = json_set_text(packages, "compiler", __VERSION__, err);
	if (!rc)
		rc = json_set_text(packages, "glibc", gnu_get_libc_version(), err);
	if (!rc)
		rc = json_set_text(packages, "gsl", gsl_version, err);
	if (!rc)
		return json_set(environment, "packages", packages, err);
	json_decref(packages);
	return rc;
}

int environment_record(struct run *run, struct error *err)
{
	json_t *environment = json_object();
	int rc = environment ? 0 : error_nomem(err);

	if (!rc)
		rc = json_set_text(environment, "assay", ASSAY_VERSION, err);
	if (!rc)
		rc = set_system(environment, err);
	if (!rc)
		rc = set_machine(environment, err);
	if (!rc)
		rc = set_packages(environment, err);
	if (!rc)
		return run_set(run, "environment", environment, err);
	json_decref(environment);
	return rc;
}
