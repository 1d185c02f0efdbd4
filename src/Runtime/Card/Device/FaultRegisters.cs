using TaalasSim.Runtime.Card.Faults;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>The FAULT_INJECT block: describes a fault, then arms it.</summary>
internal sealed class FaultRegisters(FaultInjector faults)
{
    private readonly uint[] _words = new uint[7];

    /// <summary>Dwords that describe a fault.</summary>
    public int Count => _words.Length;

    /// <summary>One of the dwords that describe a fault.</summary>
    public uint this[int index]
    {
        get => _words[index];
        set => _words[index] = value;
    }

    /// <summary>Arms the fault that the block describes; a kind that does not exist is ignored.</summary>
    public void Arm()
    {
        if (!Enum.IsDefined((FaultKind)_words[0]))
            return;
        faults.Arm(
            new FaultSpec
            {
                Kind = (FaultKind)_words[0],
                Trigger = (FaultTrigger)_words[1],
                Value = _words[2] | (ulong)_words[3] << 32,
                Seed = _words[4] | (ulong)_words[5] << 32,
                Argument = _words[6],
            }
        );
    }
}
