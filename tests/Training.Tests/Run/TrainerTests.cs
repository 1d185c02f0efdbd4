using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Support;
using TaalasSim.Training.Model;
using TaalasSim.Training.Run;

namespace TaalasSim.Training.Tests.Run;

[TestFixture]
[Category("Kernels")]
public class TrainerTests
{
    private static readonly TrainingPlan s_plan = new()
    {
        Seed = 7,
        Steps = 12,
        Sequences = 2,
        TokenizerStories = 100,
        Shape = new ModelShape
        {
            Vocabulary = 320,
            Width = 32,
            Layers = 2,
            Heads = 2,
            KeyHeads = 1,
            FeedForward = 64,
            Context = 64,
        },
    };

    [Test]
    public void Equal_plans_give_equal_loss_bits_and_parameters()
    {
        var (first, second) = (new Trainer(s_plan), new Trainer(s_plan));
        var losses = Losses(first, 8);
        Assert.Multiple(() =>
        {
            Assert.That(Losses(second, 8), Is.EqualTo(losses));
            Assert.That(second.Parameters, Is.EqualTo(first.Parameters));
            Assert.That(losses[^1], Is.LessThan(losses[0]), "and the model learns");
        });
    }

    [Test]
    public void Another_seed_gives_another_model() =>
        Assert.That(Losses(new Trainer(s_plan with { Seed = 8 }), 1), Is.Not.EqualTo(Losses(new Trainer(s_plan), 1)));

    [Test]
    public void A_resumed_run_goes_on_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("state");
        var whole = new Trainer(s_plan);
        var expected = Losses(whole, 8);

        var stopped = new Trainer(s_plan);
        var before = Losses(stopped, 3);
        stopped.Save(path);
        var resumed = new Trainer(s_plan);
        Assert.That(resumed.TryResume(path), Is.True);
        var after = Losses(resumed, 5);
        Assert.Multiple(() =>
        {
            Assert.That(before.Concat(after), Is.EqualTo(expected));
            Assert.That(resumed.Parameters, Is.EqualTo(whole.Parameters));
        });
    }

    [Test]
    public void No_checkpoint_means_a_fresh_start() => Assert.That(new Trainer(s_plan).TryResume("/nowhere/state"), Is.False);

    [Test]
    public void A_checkpoint_of_other_settings_or_a_damaged_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("state");
        new Trainer(s_plan).Save(path);
        Assert.That(
            () => new Trainer(s_plan with { LearningRate = 1e-3f }).TryResume(path),
            Throws.TypeOf<InputException>().With.Message.Contains("other settings")
        );
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.That(() => new Trainer(s_plan).TryResume(path), Throws.TypeOf<InputException>().With.Message.Contains("damaged"));
    }

    private static double[] Losses(Trainer trainer, int steps) => [.. Enumerable.Range(0, steps).Select(_ => trainer.Step())];
}
