namespace TaalasSim.Compiler.Steps;

/// <summary>A step made a stage that contradicts the stage before it: an error of the compiler, not of its input.</summary>
public sealed class StepFault : Exception
{
    /// <summary>A fault without a message.</summary>
    public StepFault() { }

    /// <summary>A fault.</summary>
    /// <param name="message">Step, and what differs.</param>
    public StepFault(string message)
        : base(message) { }

    /// <summary>A fault with its cause.</summary>
    public StepFault(string message, Exception inner)
        : base(message, inner) { }
}
