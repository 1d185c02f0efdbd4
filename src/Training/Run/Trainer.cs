using TaalasSim.Training.Corpus;
using TaalasSim.Training.Model;
using TaalasSim.Training.Optimise;
using TaalasSim.Training.Tokenizer;

namespace TaalasSim.Training.Run;

/// <summary>Trains the embedded model step by step, on one thread; equal plans give equal bits.</summary>
public sealed class Trainer
{
    private readonly BatchSource _batches;
    private readonly Transformer<float> _model;
    private readonly AdamW _optimiser;
    private readonly float[] _gradient;

    /// <summary>Trains the tokenizer and draws the first parameters.</summary>
    public Trainer(TrainingPlan plan)
    {
        Plan = plan;
        var stories = new StoryGenerator(SeededRandom.ForItem(plan.Seed, 0));
        Tokenizer = new BpeTokenizer(
            BpeTrainer.Train(Enumerable.Range(0, plan.TokenizerStories).Select(_ => stories.Next()).Append("\n\n"), plan.Shape.Vocabulary)
        );
        Layout = new ParameterLayout(plan.Shape with { Vocabulary = Tokenizer.Vocabulary.Size });
        Parameters = Layout.Initialise(SeededRandom.ForItem(plan.Seed, ulong.MaxValue));
        _batches = new BatchSource(Tokenizer, plan.Seed, plan.Sequences, plan.Shape.Context);
        _model = new Transformer<float>(Layout, plan.Sequences, plan.Shape.Context);
        _optimiser = new AdamW(Layout);
        _gradient = new float[Layout.Count];
    }

    /// <summary>What is being trained.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>The tokenizer.</summary>
    public BpeTokenizer Tokenizer { get; }

    /// <summary>Where each tensor lies in <see cref="Parameters"/>.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The model as far as it is trained.</summary>
    public float[] Parameters { get; }

    /// <summary>Steps done.</summary>
    public int StepsDone { get; private set; }

    /// <summary>Does the next step.</summary>
    /// <returns>Mean cross entropy of the step's batch before the step, in nats per token.</returns>
    public double Step()
    {
        var step = StepsDone + 1;
        var (inputs, targets) = _batches.At(step);
        Array.Clear(_gradient);
        var loss = _model.LossAndGradient(Parameters, inputs, targets, _gradient);
        _optimiser.Step(Parameters, _gradient, GradientClip.Factor(_gradient, Plan.LargestGradient), Plan.Schedule.At(step), step);
        StepsDone = step;
        return loss;
    }

    /// <summary>Saves the state, so that a later <see cref="TryResume"/> continues with the same bits.</summary>
    public void Save(string path) =>
        Checkpoint.Save(path, Plan, StepsDone, [Parameters, _optimiser.FirstMoments, _optimiser.SecondMoments]);

    /// <summary>Takes up a saved state.</summary>
    /// <returns>False when there is no such file.</returns>
    /// <exception cref="ChipModel.Files.InputException">The file is damaged or belongs to another plan.</exception>
    public bool TryResume(string path)
    {
        if (!File.Exists(path))
            return false;
        StepsDone = Checkpoint.Load(path, Plan, [Parameters, _optimiser.FirstMoments, _optimiser.SecondMoments]);
        return true;
    }
}
