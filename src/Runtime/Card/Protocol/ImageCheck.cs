namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Checks of a runtime image in the order in which they are made; the first that fails is reported in a completion's aux
/// field.</summary>
public enum ImageCheck
{
    /// <summary>No check failed.</summary>
    None = 0,

    /// <summary>The file starts with HWCHIP1.</summary>
    Magic = 1,

    /// <summary>The header gives the length of the file.</summary>
    Length = 2,

    /// <summary>The header has its CRC.</summary>
    HeaderCrc = 3,

    /// <summary>Version, reserved bytes and section table are in order.</summary>
    TableBounds = 4,

    /// <summary>The section table has its digest.</summary>
    TableHash = 5,

    /// <summary>The signature is what the policy asks for.</summary>
    Signature = 6,

    /// <summary>Every section has its digest.</summary>
    SectionHash = 7,

    /// <summary>Model and mask are those of the card.</summary>
    Identity = 8,

    /// <summary>The security version is not too low.</summary>
    Rollback = 9,
}
