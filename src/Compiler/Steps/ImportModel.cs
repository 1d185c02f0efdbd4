namespace TaalasSim.Compiler.Steps;

/// <summary>Opens a model file and builds its operator graph.</summary>
public sealed class ImportModel : CompileStep<ModelFile, SourceModel>
{
    /// <inheritdoc/>
    public override string Title => "Import the model";

    /// <inheritdoc/>
    protected override SourceModel Make(ModelFile from, StepContext context) => SourceModel.Open(from.Path, from.Options);
}
