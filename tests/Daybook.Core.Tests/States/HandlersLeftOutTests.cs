using Daybook.Core.Tests.Engine;

namespace Daybook.Core.Tests.States;

/// <summary>A handler that was written and is not used shows when the book is built, not when its command is sent.</summary>
public sealed class HandlersLeftOutTests
{
    [Theory]
    [InlineData(typeof(WithTask), "Handle", "asynchronous")]
    [InlineData(typeof(WithValueTask), "Handle", "asynchronous")]
    [InlineData(typeof(OnInstances), "Handle", "instance")]
    [InlineData(typeof(Generic), "Handle", "generic")]
    [InlineData(typeof(GenericClass<>), "Handle", "generic")]
    [InlineData(typeof(Internal), "Handle", "not public")]
    [InlineData(typeof(ByReference), "Handle", "by reference")]
    [InlineData(typeof(WithParams), "Handle", "params")]
    [InlineData(typeof(Void), "Handle", "Void")]
    [InlineData(typeof(OneGoodOneBad), "Handle", "asynchronous")]
    [InlineData(typeof(OtherName), "Decide", "rename")]
    [InlineData(typeof(Empty), "no handler", "Handle(command")]
    [InlineData(typeof(NoState), "Handle", "neither a state record")]
    public Task Handler_that_cannot_be_used_is_refused(Type handlers, string method, string why) =>
        Refused.WithAsync(handlers, handlers.Name.Split('`')[0], method, why);

    [Fact]
    public async Task Internal_class_and_inherited_handlers_are_used()
    {
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(InternalClass)).OpenAsync();
        Assert.IsType<Outcome.Accepted>(await book.Send(new Command("a")));
        Assert.IsType<Outcome.Accepted>(await book.Send(new Inherited("a")));
    }

    [Fact]
    public async Task Handler_that_is_registered_twice_counts_once()
    {
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(InternalClass)).AddHandlers(typeof(InternalClass)).AddHandlers(typeof(Base)).OpenAsync();
        Assert.IsType<Outcome.Accepted>(await book.Send(new Inherited("a")));
    }

    [Fact]
    public void Two_handlers_of_one_command_are_refused_with_both_named()
    {
        var refused = Assert.Throws<DaybookException>(() => new DaybookBuilder().AddHandlers(typeof(Base)).AddHandlers(typeof(Rival)));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains($"{typeof(Base)}.Handle(Inherited, State) and {typeof(Rival)}.Handle(Inherited, State, CommandContext)", refused.Message, StringComparison.Ordinal);
    }

    [EventType("left-out.happened")]
    public sealed record Happened;

    public sealed record State
    {
        public static State Create(Happened e) => new();

        public State Apply(Happened e) => this;
    }

    public sealed record Command(string State);

    public sealed record Inherited(string State);

    public static class WithTask
    {
        public static Task<Decision> Handle(Command c, State? state) => Task.FromResult(Decision.Nothing);
    }

    public static class WithValueTask
    {
        public static ValueTask<Decision> Handle(Command c, State? state) => new(Decision.Nothing);
    }

    public sealed class OnInstances
    {
        [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "An instance method is what is refused.")]
        public Decision Handle(Command c, State? state) => Decision.Nothing;
    }

    public static class Generic
    {
        public static Decision Handle<T>(T c, State? state) => Decision.Nothing;
    }

    public static class GenericClass<T>
    {
        [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1000", Justification = "A generic class is what is refused.")]
        public static Decision Handle(T c, State? state) => Decision.Nothing;
    }

    public static class Internal
    {
        internal static Decision Handle(Command c, State? state) => Decision.Nothing;
    }

    public static class ByReference
    {
        public static Decision Handle(in Command c, State? state) => Decision.Nothing;
    }

    public static class WithParams
    {
        public static Decision Handle(Command c, params State[] state) => Decision.Nothing;
    }

    public static class Void
    {
        public static void Handle(Command c, State? state)
        {
        }
    }

    public static class OneGoodOneBad
    {
        public static Decision Handle(Inherited c, State? state) => Decision.Nothing;

        public static Task<Decision> Handle(Command c, State? state) => Task.FromResult(Decision.Nothing);
    }

    public static class OtherName
    {
        public static Decision Decide(Command c, State? state) => Decision.Nothing;
    }

    public static class Empty;

    public static class NoState
    {
        public static Decision Handle(Command c, string state) => Decision.Nothing;
    }

    public static class Rival
    {
        public static Decision Handle(Inherited c, State? state, CommandContext context) => Decision.Nothing;
    }

    public class Base
    {
        public static Decision Handle(Inherited c, State? state) => Decision.Nothing;
    }

    internal sealed class InternalClass : Base
    {
        public static Decision Handle(Command c, State? state) => Decision.Emit(new Happened());
    }
}
