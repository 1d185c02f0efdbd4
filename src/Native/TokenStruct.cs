using System.Runtime.InteropServices;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Native;

/// <summary><c>taalas_token</c> of <c>taalas.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TokenStruct(StreamedToken token)
{
    public int Id = token.Id;
    public uint Position = (uint)token.Position;
    public ulong TimeNs = (ulong)token.TimeNs;
    public uint IsLast = token.IsLast ? 1u : 0;
    public uint Reserved;
}
