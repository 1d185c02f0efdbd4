namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Checks of a runtime image in the order in which they are made; the first that fails is reported in a completion's aux
/// field.</summary>
public enum ImageCheck
{
    None = 0,
    Magic = 1,
    Length = 2,
    HeaderCrc = 3,
    TableBounds = 4,
    TableHash = 5,
    Signature = 6,
    SectionHash = 7,
    Identity = 8,
    Rollback = 9,
}
