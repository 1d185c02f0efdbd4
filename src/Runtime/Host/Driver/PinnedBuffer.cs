namespace TaalasSim.Runtime.Host.Driver;

/// <summary>Host memory that the card may reach for one client, until it is unpinned.</summary>
/// <param name="Address">Bus address, page-aligned.</param>
/// <param name="Memory">The bytes.</param>
public sealed record PinnedBuffer(ulong Address, Memory<byte> Memory);
