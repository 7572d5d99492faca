#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

namespace listenpost::test {

/// Sets variables of the environment, and puts them back at its end. Only while no other thread
/// reads the environment.
class EnvironmentGuard {
public:
    EnvironmentGuard() = default;
    EnvironmentGuard(EnvironmentGuard const&) = delete;
    EnvironmentGuard& operator=(EnvironmentGuard const&) = delete;
    ~EnvironmentGuard()
    {
        for (auto const& [name, value] : before_)
            put(name, value);
    }

    /// No value: it is not to be there.
    void set(std::string const& name, std::optional<std::string> const& value)
    {
        char const* const now = std::getenv(name.c_str());
        before_.try_emplace(name, now ? std::optional<std::string>(now) : std::nullopt);
        put(name, value);
    }

    /// As on a machine that knows of no proxy.
    void forget_proxies()
    {
        for (auto const* name :
            {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
            set(name, std::nullopt);
    }

private:
    static void put(std::string const& name, std::optional<std::string> const& value)
    {
        if (value)
            ::setenv(name.c_str(), value->c_str(), 1);
        else
            ::unsetenv(name.c_str());
    }

    std::map<std::string, std::optional<std::string>> before_;
};

}
