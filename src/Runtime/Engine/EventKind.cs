namespace TaalasSim.Runtime.Engine;

/// <summary>What happens at an event.</summary>
internal enum EventKind
{
    /// <summary>A request arrives; argument: request.</summary>
    Arrive,

    /// <summary>A phase of a token is ready; argument: node.</summary>
    Ready,

    /// <summary>A shared resource has served a job; argument: resource.</summary>
    Done,

    /// <summary>A token wants to enter its next stage; argument: token.</summary>
    Enter,

    /// <summary>A vector reaches a bank; index: bank, argument: node.</summary>
    BankIn,

    /// <summary>A piece of a phase has ended; argument: node.</summary>
    Piece,
}
