namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Value of the IMAGE_STATE register.</summary>
public enum ImageState
{
    None = 0,
    Loading = 1,

    /// <summary>All bytes are there and were checked; waits for IMAGE_ACTIVATE.</summary>
    Verifying = 2,
    Active = 3,
    Rejected = 4,
}
