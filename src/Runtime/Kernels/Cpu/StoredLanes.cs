using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Keeps the codes of a half and a group of lanes in a <see cref="LaneBlock"/>.</summary>
internal readonly unsafe struct StoredLanes(LaneBlock* to, int half, int group) : ILaneSink
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int sub, in LaneDecode.Columns codes) => codes.Store(to->Codes + (((((half * 2) + group) * 8) + sub) * 128));
}
