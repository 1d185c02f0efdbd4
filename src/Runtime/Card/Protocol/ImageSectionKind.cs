namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>What a section of a runtime image holds.</summary>
public enum ImageSectionKind
{
    Firmware = 1,
    ModelDescription = 2,
    MaskLayerA = 3,
    MaskLayerB = 4,
    RomTables = 5,
    Tokenizer = 6,
    ChatTemplate = 7,
    SamplerDefaults = 8,
    Lora = 9,
    Calibration = 10,
    Provenance = 11,
    SigningCertificate = 12,
    Padding = 0xFFFF,
}
