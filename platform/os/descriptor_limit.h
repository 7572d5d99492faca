#pragma once

namespace listenpost {

/// Lets this process open as many files and sockets as the system allows it (the hard
/// limit), where the usual 1,024 is a compromise with programs older than poll().
/// Does nothing when refused: fewer connections are no reason not to serve.
void raise_descriptor_limit();

}
