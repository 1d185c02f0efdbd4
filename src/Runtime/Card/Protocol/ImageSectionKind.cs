namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>What a section of a runtime image holds.</summary>
public enum ImageSectionKind
{
    /// <summary>Firmware of the card.</summary>
    Firmware = 1,

    /// <summary>Description of the chip.</summary>
    ModelDescription = 2,

    /// <summary>Weights layer.</summary>
    MaskLayerA = 3,

    /// <summary>Dataflow layer.</summary>
    MaskLayerB = 4,

    /// <summary>Contents of the vector ROM.</summary>
    RomTables = 5,

    /// <summary>Tokenizer.</summary>
    Tokenizer = 6,

    /// <summary>Chat template.</summary>
    ChatTemplate = 7,

    /// <summary>Default sampler settings.</summary>
    SamplerDefaults = 8,

    /// <summary>Adapters for SRAM.</summary>
    Lora = 9,

    /// <summary>Calibration of the die.</summary>
    Calibration = 10,

    /// <summary>Where the image comes from.</summary>
    Provenance = 11,

    /// <summary>Certificate of the signature.</summary>
    SigningCertificate = 12,

    /// <summary>Nothing.</summary>
    Padding = 0xFFFF,
}
