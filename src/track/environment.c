/* What a run was made on: see environment.h. */
#include "track/environment.h"

#include "base/file.h"
#include "base/mem.h"
#include "format/json.h"
#include "track/environment_work.h"
#include "track/secret.h"

#include <gnu/libc-version.h>
#include <gsl/gsl_version.h>
#include <sys/utsname.h>
#include <unistd.h>

char *value_in_file(const char *path, const char *key)
{
	struct buf text = BUF_INIT;
	char *value = NULL;
	const char *at;

	if (file_is_plain(path) && file_read(&text, path, NULL) == 0) {
		size_t skip = *key == '\n';

		at = !strncmp(text.text, key + skip, strlen(key + skip)) ? text.text : strstr(text.text, key);
		if (at) {
			size_t len;

			at += strlen(key) - (at == text.text ? skip : 0);
			at += strspn(at, " \t:=\"");
			len = strcspn(at, "\n");
			while (len && strchr(" \t\"\r", at[len - 1]))
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
	char *name = value_in_file("/etc/os-release", "PRETTY_NAME"), *text = NULL;
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
	char *cpu = value_in_file("/proc/cpuinfo", "model name");
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

/* The machine, which every run has; NULL if it fails. */
static json_t *machine(struct error *err)
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
		return environment;
	json_decref(environment);
	return NULL;
}

int environment_record(struct run *run, struct error *err)
{
	json_t *environment = machine(err);
	int rc = environment ? set_packages(environment, err) : ERR_NOMEM;

	if (!rc)
		return run_set(run, "environment", environment, err);
	json_decref(environment);
	return rc;
}

/* What changes figures, or names the job that a run was part of. Folders among them: by their last name. */
static const char *const variables[] = {
	"BUILDKITE_BUILD_NUMBER",
	"BUILD_NUMBER",
	"CI",
	"CIRCLE_BUILD_NUM",
	"CI_JOB_ID",
	"CI_PIPELINE_ID",
	"CONDA_DEFAULT_ENV",
	"CUBLAS_WORKSPACE_CONFIG",
	"CUDA_DEVICE_ORDER",
	"CUDA_LAUNCH_BLOCKING",
	"CUDA_VISIBLE_DEVICES",
	"GITHUB_ACTIONS",
	"GITHUB_JOB",
	"GITHUB_RUN_ATTEMPT",
	"GITHUB_RUN_ID",
	"GITLAB_CI",
	"HIP_VISIBLE_DEVICES",
	"JAX_ENABLE_X64",
	"JAX_PLATFORMS",
	"JULIA_NUM_THREADS",
	"LANG",
	"LC_ALL",
	"LOCAL_RANK",
	"LSB_JOBID",
	"MKL_CBWR",
	"MKL_NUM_THREADS",
	"NUMEXPR_NUM_THREADS",
	"NVIDIA_TF32_OVERRIDE",
	"OMP_NUM_THREADS",
	"OMP_PLACES",
	"OMP_PROC_BIND",
	"OMP_SCHEDULE",
	"OPENBLAS_CORETYPE",
	"OPENBLAS_NUM_THREADS",
	"PBS_JOBID",
	"PYTHONHASHSEED",
	"PYTHONOPTIMIZE",
	"PYTORCH_CUDA_ALLOC_CONF",
	"RANK",
	"ROCR_VISIBLE_DEVICES",
	"SLURM_ARRAY_JOB_ID",
	"SLURM_ARRAY_TASK_ID",
	"SLURM_JOB_ID",
	"SLURM_NTASKS",
	"SLURM_PROCID",
	"TF_CUDNN_DETERMINISTIC",
	"TF_DETERMINISTIC_OPS",
	"TF_ENABLE_ONEDNN_OPTS",
	"TOKENIZERS_PARALLELISM",
	"TZ",
	"VECLIB_MAXIMUM_THREADS",
	"VIRTUAL_ENV",
	"WORLD_SIZE",
	"XLA_FLAGS",
};

enum { VARIABLE_LONGEST = 256 };

static int set_variables(json_t *environment, struct error *err)
{
	json_t *set = json_object();
	struct buf value = BUF_INIT;
	int rc = set ? 0 : error_nomem(err);

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables) && !rc; i++) {
		const char *text = getenv(variables[i]);

		if (!text || !*text)
			continue;
		if (!strcmp(variables[i], "VIRTUAL_ENV") || !strcmp(variables[i], "CONDA_DEFAULT_ENV"))
			text = path_base(text);
		buf_clear(&value);
		secret_mask(&value, text, strnlen(text, VARIABLE_LONGEST));
		rc = buf_check(&value, err);
		if (!rc)
			rc = json_set_text(set, variables[i], value.text, err);
	}
	buf_release(&value);
	if (!rc && json_object_size(set))
		return json_set(environment, "variables", set, err);
	json_decref(set);
	return rc;
}

static int set_gpus(json_t *environment, struct error *err)
{
	struct names gpus = {0};
	json_t *list = NULL;
	int rc = gpu_list(&gpus, "", err);

	if (!rc && gpus.n) {
		list = json_array();
		for (size_t i = 0; i < gpus.n && list; i++) {
			json_t *name = json_string(gpus.name[i]);

			if (name && json_array_append_new(list, name) < 0) { /* not UTF-8: no name */
				json_decref(list);
				list = NULL;
			}
		}
		rc = json_set(environment, "gpu", list, err);
	}
	names_free(&gpus);
	return rc;
}

static int set_python(struct run *run, json_t *environment, const char *const *argv, const char *cwd, struct error *err)
{
	json_t *packages = json_object();
	int shared = 0, rc = packages ? python_packages(packages, &shared, argv, cwd, err) : error_nomem(err);

	if (rc > 0)
		rc = json_set(environment, "packages", json_incref(packages), err);
	else if (!rc)
		rc = run_note(run, err, "packages: not recorded (no environment of Python was found for this command)");
	if (!rc && shared)
		rc = run_note(run, err,
			      "packages: those of the environment; the system's, which it uses too, are not recorded");
	json_decref(packages);
	return rc;
}

int environment_of_command(struct run *run, const char *const *argv, const char *cwd, struct error *err)
{
	json_t *environment = machine(err);
	int rc = environment ? set_gpus(environment, err) : ERR_NOMEM;

	if (!rc)
		rc = set_python(run, environment, argv, cwd, err);
	if (!rc)
		rc = set_variables(environment, err);
	if (!rc)
		return run_set(run, "environment", environment, err);
	json_decref(environment);
	return rc;
}
