#include "sync/hub/peer_name.h"

#include <algorithm>
#include <boost/asio/ip/network_v6.hpp>

namespace listenpost::sync {

std::string peer_name(boost::asio::ip::address const& address)
{
    namespace ip = boost::asio::ip;
    if (address.is_v4())
        return address.to_string();
    auto const v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, v6).to_string();
    constexpr unsigned short network_bits = 64;
    return ip::network_v6(ip::address_v6(v6.to_bytes()), network_bits).canonical().to_string();
}

}
