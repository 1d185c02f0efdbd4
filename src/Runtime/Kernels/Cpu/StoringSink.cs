using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Keeps the codes of a half and a group of lanes in a <see cref="Avx2Block"/>.</summary>
internal readonly unsafe struct StoringSink(Avx2Block* to, int half, int group) : ICodeSink
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int sub, in KQuantDecode.Columns codes) => codes.Store(to->Codes + (((((half * 2) + group) * 8) + sub) * 128));
}
