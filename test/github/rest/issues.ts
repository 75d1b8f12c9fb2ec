import { type Answer, type Handlers, NOT_FOUND, page } from "./handler.ts";

export const ISSUES: Handlers = {
  "issues/list-comments": {
    needs: ["pull-requests", "read"],
    answer: ({ state, make, params, query }) => {
      const number = Number(params["issue_number"]);
      if (!state.pulls.some((pull) => pull.number === number)) return NOT_FOUND;
      return {
        status: 200,
        body: page(
          state.comments.filter((comment) => comment.number === number),
          query,
        ).map(make.comment),
      };
    },
  },

  "issues/create-comment": {
    needs: ["pull-requests", "write"],
    answer: ({ state, make, params, body }) => {
      const number = Number(params["issue_number"]);
      if (!state.pulls.some((pull) => pull.number === number)) return NOT_FOUND;
      const text = String(body["body"]);
      if (text.length > 65_536) return tooLong();
      return { status: 201, body: make.comment(state.addComment({ number, author: state.login, body: text })) };
    },
  },

  "issues/update-comment": {
    needs: ["pull-requests", "write"],
    answer: ({ state, make, params, body }) => {
      const comment = state.comments.find(({ id }) => id === Number(params["comment_id"]));
      if (comment === undefined) return NOT_FOUND;
      const text = String(body["body"]);
      if (text.length > 65_536) return tooLong();
      comment.body = text;
      comment.updates++;
      comment.updatedAt = new Date(Date.parse(comment.createdAt) + comment.updates * 60_000).toISOString().replace(".000", "");
      return { status: 200, body: make.comment(comment) };
    },
  },
};

const tooLong = (): Answer => ({
  status: 422,
  body: { message: "Validation Failed: body is too long (maximum is 65536 characters)", documentation_url: "https://docs.github.com/rest" },
});
