namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Part of the card that saw an error.</summary>
public enum RasSource : byte
{
    /// <summary>KV memory.</summary>
    KvSram = 0,

    /// <summary>Link and DMA.</summary>
    Pcie = 1,

    /// <summary>Layer pipeline.</summary>
    Fabric = 2,

    /// <summary>ROM banks.</summary>
    Rom = 3,

    /// <summary>Sampler.</summary>
    Sampler = 4,

    /// <summary>Temperature sensor.</summary>
    Thermal = 5,

    /// <summary>Power supply.</summary>
    Power = 6,

    /// <summary>Firmware.</summary>
    Firmware = 7,
}
