#include "platform/os/files.h"
#include "sync/hub/commands.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

using namespace listenpost::sync;

namespace {

using nlohmann::json;

/// What the command line fills, and what to do with it in the end.
struct Arguments {
    ServeOptions serve;
    PullOptions pull;
    std::string data;
    std::string postgres;
    std::string file;
    bool postgres_given = false;
    bool as_json = false;
    bool follow = false;
    std::string format = "ndjson";
    std::string id, name, region, city, timezone = "Asia/Shanghai", store, role, device, expires, since;
    std::optional<int> expires_days;
    std::map<std::string, std::string> changes; ///< of a store, by field
    std::map<std::string, std::vector<std::string>> scope; ///< of a token, by kind
    std::function<int()> run;

    /// An empty one is given too: everything is in the environment.
    std::optional<std::string> conninfo() const
    {
        return postgres_given ? std::optional(postgres) : std::nullopt;
    }
};

int run_admin(
    Arguments const& arguments, json const& request, std::chrono::seconds patience = std::chrono::seconds(10))
{
    // Typed text may be no UTF-8: better a strange name than an abort.
    return run_admin_command(
        {arguments.data, arguments.conninfo(), request.dump(-1, ' ', false, json::error_handler_t::replace),
            arguments.as_json ? ListFormat::Json : ListFormat::Text, patience});
}

CLI::App* add_command(CLI::App& parent, Arguments& arguments, std::string const& name,
    std::string const& what, std::function<int()> run)
{
    auto* const command = parent.add_subcommand(name, what);
    command->callback([&arguments, run = std::move(run)] { arguments.run = run; });
    return command;
}

CLI::Option* add_data(CLI::App* command, Arguments& arguments)
{
    return command->add_option("--data", arguments.data, "the hub's folder");
}

CLI::Option* add_postgres(CLI::App* command, Arguments& arguments, char const* what)
{
    return command->add_option("--postgres", arguments.postgres, what)
        ->type_name("CONNINFO")
        ->each([&arguments](std::string const&) { arguments.postgres_given = true; });
}

/// Where an admin command finds the hub.
void add_place(CLI::App* command, Arguments& arguments)
{
    auto* const place = command->add_option_group("place");
    add_data(place, arguments);
    add_postgres(place, arguments, "the hubs' PostgreSQL database, whether or not one runs");
    place->require_option(1, 2);
}

void add_serve(CLI::App& app, Arguments& arguments)
{
    auto* const serve = add_command(app, arguments, "serve", "Serve boxes and HQ until SIGTERM", [&] {
        arguments.serve.data = arguments.data;
        arguments.serve.postgres = arguments.conninfo();
        return run_serve(arguments.serve);
    });
    add_data(serve, arguments)->required();
    add_postgres(serve, arguments, "store there instead of in a SQLite file; libpq's keyword=value … or URI");
    serve->add_option("--listen", arguments.serve.listen, "ADDR:PORT; port 0: any; see DATA/hub.url")
        ->capture_default_str();
    serve->add_option("--tls-cert", arguments.serve.tls_certificate, "certificate chain, PEM");
    serve->add_option("--tls-key", arguments.serve.tls_key, "its key, PEM; SIGHUP loads both anew");
    serve
        ->add_option("--max-requests-per-address", arguments.serve.requests_per_address,
            "a second; 0: no limit, for a hub behind a proxy")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    serve
        ->add_option(
            "--max-requests-per-device", arguments.serve.requests_per_device, "a second; 0: no limit")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
}

void add_stores(CLI::App& app, Arguments& arguments)
{
    auto* const store = app.add_subcommand("store", "The chain's stores")->require_subcommand(1);
    auto* const add = add_command(*store, arguments, "add", "Add a store", [&] {
        return run_admin(arguments,
            {{"op", "store.add"}, {"id", arguments.id}, {"name", arguments.name},
                {"region", arguments.region}, {"city", arguments.city}, {"timezone", arguments.timezone}});
    });
    add_place(add, arguments);
    add->add_option("--id", arguments.id, "short and lasting, such as sh-001")->required();
    add->add_option("--name", arguments.name, "what people call it")->required();
    add->add_option("--region", arguments.region);
    add->add_option("--city", arguments.city);
    add->add_option("--timezone", arguments.timezone, "IANA name")->capture_default_str();
    auto* const set = add_command(*store, arguments, "set", "Change what is given, from now on", [&] {
        json request {{"op", "store.set"}, {"id", arguments.id}};
        for (auto const& [field, value] : arguments.changes)
            request[field] = value;
        return run_admin(arguments, request);
    });
    add_place(set, arguments);
    set->add_option("--id", arguments.id)->required();
    for (std::string const field : {"name", "region", "city"})
        set->add_option_function<std::string>("--" + field,
            [&arguments, field](std::string const& value) { arguments.changes[field] = value; });
    auto* const list = add_command(*store, arguments, "list", "id, name, region, city, time zone", [&] {
        return run_admin(arguments, {{"op", "store.list"}});
    });
    add_place(list, arguments);
    list->add_flag("--json", arguments.as_json);
}

void add_devices(CLI::App& app, Arguments& arguments)
{
    auto* const device = app.add_subcommand("device", "The boxes")->require_subcommand(1);
    auto* const invite = add_command(
        *device, arguments, "invite", "Print a one-time code to enrol a box with; good for 24 hours", [&] {
            return run_admin(
                arguments, {{"op", "device.invite"}, {"store", arguments.store}, {"name", arguments.name}});
        });
    add_place(invite, arguments);
    invite->add_option("--store", arguments.store, "the store's id")->required();
    invite->add_option("--name", arguments.name, "what to call the box")->required();
    auto* const list = add_command(
        *device, arguments, "list", "id, store, name, enrolled, revoked, last seen, version, waiting", [&] {
            return run_admin(arguments, {{"op", "device.list"}});
        });
    add_place(list, arguments);
    list->add_flag("--json", arguments.as_json);
    auto* const revoke = add_command(*device, arguments, "revoke", "Refuse a box from now on", [&] {
        return run_admin(arguments, {{"op", "device.revoke"}, {"device", arguments.device}});
    });
    add_place(revoke, arguments);
    revoke->add_option("device", arguments.device, "its id, from `device list`")->required();
}

void add_tokens(CLI::App& app, Arguments& arguments)
{
    auto* const token = app.add_subcommand("token", "HQ's access")->require_subcommand(1);
    auto* const add
        = add_command(*token, arguments, "add", "Print a new token; it is shown only this once", [&] {
              json request {{"op", "token.add"}, {"role", arguments.role}, {"name", arguments.name}};
              if (arguments.expires_days)
                  request["expires_days"] = *arguments.expires_days;
              if (!arguments.expires.empty())
                  request["expires"] = arguments.expires;
              for (auto const& [kind, names] : arguments.scope)
                  request[kind] = names;
              return run_admin(arguments, request);
          });
    add_place(add, arguments);
    add->add_option("--role", arguments.role)->required()->check(CLI::IsMember({"reader", "admin"}));
    add->add_option("--name", arguments.name, "who it is for")->required();
    auto* const days = add->add_option("--expires-days", arguments.expires_days, "it ends after so many");
    add->add_option("--expires", arguments.expires, "YYYY-MM-DD: its last day, in UTC")->excludes(days);
    auto const limit = [&](std::string const& kind, char const* what) {
        add->add_option_function<std::vector<std::string>>(
               "--" + kind, [&arguments, kind](auto const& names) { arguments.scope[kind] = names; }, what)
            ->allow_extra_args(false)
            ->group("A reader of a part: of the stores that fulfil each kind given");
    };
    limit("region", "of this region; may be repeated, as the next two");
    limit("city", "in this city");
    limit("store", "with this id");
    auto* const revoke = add_command(*token, arguments, "revoke", "Refuse a token from now on", [&] {
        return run_admin(arguments, {{"op", "token.revoke"}, {"name", arguments.name}});
    });
    add_place(revoke, arguments);
    revoke->add_option("--name", arguments.name)->required();
    auto* const list = add_command(
        *token, arguments, "list", "name, role, made, expires, revoked, regions, cities, stores", [&] {
            return run_admin(arguments, {{"op", "token.list"}});
        });
    add_place(list, arguments);
    list->add_flag("--json", arguments.as_json);
}

void add_pins(CLI::App& app, Arguments& arguments)
{
    auto* const pin
        = app.add_subcommand("pin", "The PIN of the manager's view on boxes")->require_subcommand(1);
    auto const add = [&](char const* name, char const* what, int (*run)(PinOptions const&)) {
        auto* const command = add_command(*pin, arguments, name, what, [&arguments, run] {
            return run({arguments.data, arguments.conninfo(), arguments.scope});
        });
        add_place(command, arguments);
        auto* const whose = command->add_option_group(
            "Whose", "the stores that fulfil each kind given; of several of one kind any will do");
        for (auto const& [kind, help] : {std::pair("store", "with this id; may be repeated, as the next two"),
                 {"region", "in this region now"}, {"city", "in this city now"}})
            whose
                ->add_option_function<std::vector<std::string>>(
                    "--" + std::string(kind),
                    [&arguments, kind = std::string(kind)](
                        auto const& names) { arguments.scope[kind] = names; },
                    help)
                ->allow_extra_args(false);
        whose->require_option(1, 3);
    };
    add("set",
        "Read a PIN of six digits from standard input and have every box of these stores take it, also those "
        "enrolled later",
        run_pin_set);
    add("clear", "Send these stores none any more; their boxes keep what they have", run_pin_clear);
    auto* const list = add_command(*pin, arguments, "list",
        "store, since when, box, its name, has_it | not_yet | replaced (on the box) | too_old, when it had "
        "it, "
        "last seen",
        [&] {
            return run_admin(arguments, {{"op", "pin.list"}});
        });
    add_place(list, arguments);
    list->add_flag("--json", arguments.as_json);
}

void add_responses(CLI::App& app, Arguments& arguments)
{
    auto* const response = app.add_subcommand("response", "What customers said")->require_subcommand(1);
    auto* const erase = add_command(*response, arguments, "erase",
        "Take the comment and short answers out for good, or a staff event's note; scores and counts stay",
        [&] {
            // A large hub.db takes its time to be written anew.
            return run_admin(
                arguments, {{"op", "response.erase"}, {"id", arguments.id}}, std::chrono::minutes(30));
        });
    add_place(erase, arguments);
    erase->add_option("--id", arguments.id, "INSTALL:SEQ, as a pull has them")->required();
    auto* const list = add_command(*response, arguments, "erasures",
        "response, its box, when it was erased here, when there (-: not yet), by which boxes", [&] {
            return run_admin(arguments, {{"op", "response.erasures"}});
        });
    add_place(list, arguments);
    list->add_flag("--json", arguments.as_json);
}

void add_audit(CLI::App& app, Arguments& arguments)
{
    auto* const audit = app.add_subcommand("audit", "What admins did")->require_subcommand(1);
    auto* const list = add_command(*audit, arguments, "list", "when, who, what, to what, how", [&] {
        return run_admin(arguments, {{"op", "audit.list"}, {"since", arguments.since}});
    });
    add_place(list, arguments);
    list->add_option("--since", arguments.since, "2026-03-01T00:00:00+08:00 or ms since 1970");
    list->add_flag("--json", arguments.as_json);
}

void add_backups(CLI::App& app, Arguments& arguments)
{
    auto* const backup = add_command(app, arguments, "backup",
        "Copy hub.db as it is at one moment, beside a hub that serves, and check the copy", [&] {
            return run_backup({arguments.data, arguments.file});
        });
    add_data(backup, arguments)->required();
    backup->add_option("--to", arguments.file, "the file to write; must not exist")->required();
    auto* const restore
        = add_command(app, arguments, "restore", "Make hub.db from a backup; pulls then begin anew", [&] {
              return run_restore({arguments.data, arguments.file});
          });
    add_data(restore, arguments)->required();
    restore->add_option("--from", arguments.file, "what `backup` wrote")->required();
}

void add_surveys(CLI::App& app, Arguments& arguments)
{
    auto* const survey
        = app.add_subcommand("survey", "What the questions mean, for summaries")->require_subcommand(1);
    auto* const add = add_command(*survey, arguments, "add",
        "Register a survey, or its next version, for what boxes send under its id", [&] {
            auto const text = listenpost::read_file(arguments.file, 1U << 20);
            if (!text)
                return complain(exit_failed, text.error().detail);
            return run_admin(arguments, {{"op", "survey.add"}, {"json", *text}});
        });
    add_place(add, arguments);
    add->add_option("file", arguments.file, "what the boxes' kiosks ask (SURVEY.md)")->required();
}

void add_rollups(CLI::App& app, Arguments& arguments)
{
    auto* const rollup
        = app.add_subcommand("rollup", "What responses add up to, for summaries")->require_subcommand(1);
    auto const add = [&](char const* name, char const* what, RollupAction action) {
        auto* const command = add_command(*rollup, arguments, name, what, [&arguments, action] {
            return run_rollup({arguments.data, arguments.conninfo(), action});
        });
        add_place(command, arguments);
    };
    add("check",
        "Compare with a full scan of the responses, beside a hub that serves; exit code 1: they differ",
        RollupAction::Check);
    add("rebuild", "Count all responses anew; on SQLite no hub may serve", RollupAction::Rebuild);
}

/// The options' names are those of the parameters, but for the dash.
void add_filter(CLI::App* pull, Arguments& arguments)
{
    auto const add = [&](std::string const& name, char const* what) {
        pull->add_option_function<std::vector<std::string>>(
                "--" + name,
                [&arguments, name](std::vector<std::string> const& values) {
                    for (auto const& value : values)
                        arguments.pull.filter.emplace_back(name, value);
                },
                what)
            ->allow_extra_args(false)
            ->group("Only responses");
    };
    add("store", "of this store; may be repeated, as the next three");
    add("region", "of this region's stores");
    add("city", "of this city's stores");
    add("touchpoint", "given here");
    add("from", "first tap at or after: 2026-03-01T00:00:00+08:00 or ms since 1970");
    add("to", "first tap before");
    auto const add_flag = [&](std::string const& option, char const* name, char const* what) {
        pull->add_flag_callback(
                option, [&arguments, name] { arguments.pull.filter.emplace_back(name, "1"); }, what)
            ->group("Only responses");
    };
    add_flag("--negative", "negative", "with a score of 2 or less");
    add_flag("--with-comment", "with_comment", "with a comment");
}

void add_pull(CLI::App& app, Arguments& arguments)
{
    auto* const pull
        = add_command(app, arguments, "pull", "Print every response HQ has not had, once and in order", [&] {
              arguments.pull.format = arguments.format == "csv" ? PullFormat::Csv : PullFormat::Ndjson;
              arguments.pull.mode = arguments.follow ? PullMode::Follow : PullMode::UntilNothingNew;
              arguments.pull.into_postgres = arguments.conninfo();
              return run_pull(arguments.pull);
          });
    pull->add_option("--hub", arguments.pull.hub, "https://hub.example:8780")->required();
    pull->add_option("--token-file", arguments.pull.token_file, "holds a reader token")->required();
    auto* const place = pull->add_option_group("place");
    place->add_option(
        "--cursor-file", arguments.pull.cursor_file, "remembers how far it came; made if missing");
    auto* const into = place->add_option("--into", arguments.pull.into,
        "a SQLite file of HQ's own that takes the rows instead of stdout, and the cursor; made if missing");
    auto* const into_postgres
        = place
              ->add_option("--into-postgres", arguments.postgres,
                  "the same in a PostgreSQL database of HQ's own; libpq's keyword=value … or URI")
              ->type_name("CONNINFO")
              ->each([&arguments](std::string const&) { arguments.postgres_given = true; });
    place->require_option(1);
    pull->add_option("--ca", arguments.pull.ca_file, "trust this certificate (PEM) instead of the machine's");
    pull->add_option("--format", arguments.format)
        ->capture_default_str()
        ->check(CLI::IsMember({"ndjson", "csv"}))
        ->excludes(into)
        ->excludes(into_postgres);
    pull->add_flag("--follow", arguments.follow, "go on until SIGTERM");
    add_filter(pull, arguments);
}

int run(int argument_count, char** argument_values)
{
    Arguments arguments;
    CLI::App app {
        "ListenPost's central endpoint: takes responses from boxes, hands them to HQ", "listenpost-hub"};
    app.set_version_flag("--version", "listenpost-hub " LISTENPOST_VERSION);
    app.require_subcommand(1);
    add_serve(app, arguments);
    add_stores(app, arguments);
    add_devices(app, arguments);
    add_tokens(app, arguments);
    add_pins(app, arguments);
    add_responses(app, arguments);
    add_audit(app, arguments);
    add_backups(app, arguments);
    add_pull(app, arguments);
    add_surveys(app, arguments);
    add_rollups(app, arguments);
    try {
        app.parse(argument_count, argument_values);
    } catch (CLI::ParseError const& error) {
        // --help and --version come here too, with code 0.
        return app.exit(error) == 0 ? exit_done : exit_bad_use;
    }
    return arguments.run();
}

}

int main(int argument_count, char** argument_values)
{
    try {
        return run(argument_count, argument_values);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "listenpost-hub: %s\n", error.what());
        return exit_failed;
    }
}
