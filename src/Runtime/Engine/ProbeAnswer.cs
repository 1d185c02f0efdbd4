using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Answer of <see cref="EventEngine.Probe"/>.</summary>
/// <param name="Block">What is in the way.</param>
/// <param name="BlockingPhase">The phase that has not ended, for <see cref="ProbeBlock.EarlierPhase"/>.</param>
/// <param name="BlockingResource">The taken resource, for <see cref="ProbeBlock.Resource"/>.</param>
public readonly record struct ProbeAnswer(ProbeBlock Block, PhaseRef? BlockingPhase = null, Resource? BlockingResource = null)
{
    /// <summary>Whether the phase has started by the asked cycle.</summary>
    public bool Ready => Block == ProbeBlock.None;
}
