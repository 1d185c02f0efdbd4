namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Part of the card that saw an error.</summary>
public enum RasSource : byte
{
    KvSram = 0,
    Pcie = 1,
    Fabric = 2,
    Rom = 3,
    Sampler = 4,
    Thermal = 5,
    Power = 6,
    Firmware = 7,
}
