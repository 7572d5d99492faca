#include "sync/agent/commands.h"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace {

using namespace listenpost::sync;

int run_program(int argc, char** argv)
{
    CLI::App app("listenpost-sync: brings what the kiosk has captured to the hub");
    app.set_version_flag("--version", "listenpost-sync " LISTENPOST_VERSION);
    app.require_subcommand(1);

    DataFolder folder;
    auto const add_command = [&](char const* name, char const* what) {
        auto* const command = app.add_subcommand(name, what);
        command->add_option("--data", folder.path, "the box's data folder")->required();
        return command;
    };
    auto* const run = add_command("run", "deliver for as long as it runs (the service)");
    std::int64_t max_upload_kbps = 0;
    run->add_option("--max-upload-kbps", max_upload_kbps, "kilobits per second, for a line that others need")
        ->check(CLI::PositiveNumber);
    std::int64_t start_spread = usual_start_spread / std::chrono::seconds(1);
    run->add_option("--start-spread", start_spread,
           "seconds within which a backlog goes out after the machine has booted, at a random moment; 0: at "
           "once")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    auto* const once = add_command("once", "deliver all there is, then end; 1 if something still waits");
    auto* const status = add_command("status", "what is captured, delivered, waiting, refused");
    bool as_json = false;
    status->add_flag("--json", as_json, "for programs");
    auto* const quarantine = app.add_subcommand("quarantine", "responses that the hub has refused");
    quarantine->require_subcommand(1);
    auto const add_quarantine_command = [&](char const* name, char const* what) {
        auto* const command = quarantine->add_subcommand(name, what);
        command->add_option("--data", folder.path, "the box's data folder")->required();
        command->add_flag("--json", as_json, "for programs");
        return command;
    };
    auto* const list = add_quarantine_command("list", "all of them, oldest first, with the hub's reasons");
    auto* const retry = add_quarantine_command(
        "retry", "send them again, once whatever was wrong has been mended; works beside a running agent");
    RetryRequest retry_request;
    retry->add_option("--seq", retry_request.seqs, "only these; without it all")->check(CLI::PositiveNumber);
    auto* const enrol = add_command("enrol", "register this box with a hub; replaces an earlier enrolment");
    EnrolRequest request;
    enrol->add_option("--hub", request.hub, "the hub's address, https://…")->required();
    enrol->add_option("--code", request.code, "the one-time code from head office")->required();
    enrol->add_option("--ca", request.ca_file, "trust the certificates in this PEM file, not the machine's")
        ->check(CLI::ExistingFile);
    enrol
        ->add_option("--pin", request.pin,
            "talk to no server but the one with this public key, sha256//BASE64; several with ; between")
        ->check(CLI::Validator(
            [](std::string& pin) {
                return pin.starts_with("sha256//") ? "" : std::string("sha256//BASE64 is what is asked for");
            },
            "PIN"));
    enrol->add_option("--name", request.name, "what people call this box, such as: front door");

    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    auto const format = as_json ? StatusFormat::Json : StatusFormat::Text;
    if (run->parsed())
        return run_command(folder, {max_upload_kbps * 1000 / 8, std::chrono::seconds(start_spread)});
    if (once->parsed())
        return once_command(folder);
    if (status->parsed())
        return status_command(folder, format);
    if (list->parsed())
        return quarantine_list_command(folder, format);
    if (retry->parsed()) {
        retry_request.all = retry_request.seqs.empty();
        return quarantine_retry_command(folder, retry_request, format);
    }
    return enrol_command(folder, std::move(request));
}

}

// listenpost-sync: brings what the kiosk has captured to the hub.
int main(int argc, char** argv)
{
    try {
        return run_program(argc, argv);
    } catch (std::exception const& error) {
        // Out of memory, or a library's surprise: the supervisor starts us anew, and the files are true.
        std::fprintf(stderr, "listenpost-sync: %s\n", error.what());
        return 1;
    }
}
